namespace Multihead.Text.Tokenizers;

/// <summary>Cuts a text into words as StarCoder does: every digit is a word, what stands between is cut as by GPT-2.</summary>
internal static class StarcoderScanner
{
    /// <summary>The end (exclusive) of the word that starts at <paramref name="start"/>, which is a word's start.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        if (CharacterClasses.At(text, start, out var length) == CharacterClass.Number) return start + length;
        // A digit later than one place behind the word has no bearing on where the word ends.
        var last = Math.Min(WordScanner.End(text, start) + 1, text.Length - 1);
        for (var at = start + length; at <= last; at += length)
            if (CharacterClasses.At(text, at, out length) == CharacterClass.Number) return WordScanner.End(text[..at], start);
        return WordScanner.End(text, start);
    }
}
