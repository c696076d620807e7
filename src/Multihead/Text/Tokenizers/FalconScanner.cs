using System.Globalization;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Cuts a text into words as Falcon does: runs of punctuation are words, what stands between is cut as by GPT-2, and
/// of a number three ASCII digits each are a word.</summary>
internal static class FalconScanner
{
    /// <summary>The end (exclusive) of the word that starts at <paramref name="start"/>, which is a word's start.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        if (IsPunctuation(text, start, out var length))
        {
            var end = start + length;
            while (end < text.Length && IsPunctuation(text, end, out length)) end += length;
            return end;
        }
        // Punctuation later than one place behind the word has no bearing on where the word ends.
        var last = Math.Min(WordScanner.End(text, start) + 1, text.Length - 1);
        for (var at = start + length; at <= last; at += length)
            if (IsPunctuation(text, at, out length)) text = text[..(last = at)];
        return EndOfDigits(text, start, WordScanner.End(text, start));
    }

    private static int EndOfDigits(ReadOnlySpan<char> text, int start, int end)
    {
        for (var at = start; at + 3 <= end; at++)
            if (char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]))
                return at == start ? start + 3 : at;
        return end;
    }

    private static bool IsPunctuation(ReadOnlySpan<char> text, int at, out int length)
    {
        Rune.DecodeFromUtf16(text[at..], out var rune, out length);
        return Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation
            || rune.Value is '$' or '+' or '<' or '=' or '>' or '^' or '~' or '|' or '`';
    }
}
