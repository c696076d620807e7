namespace Multihead.Text.Tokenizers;

/// <summary>Cuts a text into the words that byte-level BPE works on, as GPT-2's pattern does over code points:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. The words joined are the text.</summary>
internal static class WordScanner
{
    /// <summary>The end (exclusive) of the word that starts at <paramref name="start"/>, which is a word's start.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        var kind = CharacterClasses.At(text, start, out var length);
        if (kind == CharacterClass.WhiteSpace)
        {
            var next = start + 1;
            if (next == text.Length) return next;
            var following = CharacterClasses.At(text, next, out length);
            if (following == CharacterClass.WhiteSpace) return EndOfWhiteSpace(text, next + 1);
            return text[start] == ' ' ? EndOfRun(text, next + length, following) : next;
        }
        if (text[start] == '\'')
        {
            var contraction = ContractionLength(text[start..]);
            if (contraction > 0) return start + contraction;
        }
        return EndOfRun(text, start + length, kind);
    }

    private static int EndOfRun(ReadOnlySpan<char> text, int at, CharacterClass kind)
    {
        while (at < text.Length && CharacterClasses.At(text, at, out var length) == kind) at += length;
        return at;
    }

    /// <summary>Two or more white characters: the last is left to the word that follows, if one does.</summary>
    private static int EndOfWhiteSpace(ReadOnlySpan<char> text, int at)
    {
        at = EndOfRun(text, at, CharacterClass.WhiteSpace);
        return at == text.Length ? at : at - 1;
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text[1] is 's' or 't' or 'm' or 'd') return 2;
        if (text.Length < 3) return 0;
        return (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }
}
