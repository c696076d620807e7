using System.Runtime.InteropServices;

namespace Multihead.Text.Metrics;

/// <summary>Turns lines into numbers, equal where the tokens are equal; holds every word seen and a buffer, so one thread at
/// a time. A result is good until the next call.</summary>
internal sealed class TokenIds
{
    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly List<int> ids = [];

    public TokenIds() => lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The words between white space.</summary>
    public ReadOnlySpan<int> Words(ReadOnlySpan<char> line)
    {
        ids.Clear();
        foreach (var word in WhiteSpace.Words(line)) ids.Add(IdOf(word));
        return CollectionsMarshal.AsSpan(ids);
    }

    /// <summary>The words, with one mark of ASCII punctuation taken off each: off its end, else off its start (chrF++).</summary>
    public ReadOnlySpan<int> WordsAndMarks(ReadOnlySpan<char> line)
    {
        ids.Clear();
        foreach (var word in WhiteSpace.Words(line))
        {
            var cut = word.Length == 1 ? 0 : IsMark(word[^1]) ? word.Length - 1 : IsMark(word[0]) ? 1 : 0;
            if (cut > 0) ids.Add(IdOf(word[..cut]));
            ids.Add(IdOf(word[cut..]));
        }
        return CollectionsMarshal.AsSpan(ids);
    }

    /// <summary>The code points; white space too where it is wanted.</summary>
    public ReadOnlySpan<int> Characters(ReadOnlySpan<char> line, bool whiteSpace)
    {
        ids.Clear();
        foreach (var rune in line.EnumerateRunes())
            if (whiteSpace || !rune.IsBmp || !WhiteSpace.Is((char)rune.Value)) ids.Add(rune.Value);
        return CollectionsMarshal.AsSpan(ids);
    }

    private static bool IsMark(char unit) => char.IsAscii(unit) && (char.IsPunctuation(unit) || char.IsSymbol(unit));

    private int IdOf(ReadOnlySpan<char> word)
    {
        if (!lookup.TryGetValue(word, out var id)) lookup[word] = id = words.Count;
        return id;
    }
}
