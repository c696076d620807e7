using System.Runtime.InteropServices;

namespace Multihead.Text.Tokenizers;

/// <summary>Counts the words of texts. A word of more than <see cref="LongestWord"/> characters counts as several.</summary>
internal static class WordCounter
{
    /// <summary>In UTF-16 units. Merges cost in proportion to a word's length, and what repeats is far shorter.</summary>
    public const int LongestWord = 1024;

    /// <summary>How often each word was seen.</summary>
    public static Dictionary<string, long> Count(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
            for (int start = 0, end; start < text.Length; start = end)
            {
                end = Shorten(text, start, WordScanner.End(text, start));
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(start, end - start), out _)++;
            }
        return counts;
    }

    /// <summary>Cuts between characters, not inside a surrogate pair.</summary>
    private static int Shorten(string text, int start, int end)
    {
        if (end - start <= LongestWord) return end;
        end = start + LongestWord;
        return char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
    }
}
