namespace Multihead.Text.Tokenizers;

/// <summary>Remembers the tokens of words seen lately, for all threads without a lock: one entry a slot, never changed once
/// published, the newest wins. Bounded: at most <see cref="SlotCount"/> words of <see cref="LongestWord"/> characters.</summary>
internal sealed class WordCache
{
    /// <summary>Longer words, in UTF-16 units, are not worth remembering.</summary>
    public const int LongestWord = 32;

    private const int SlotBits = 15;
    private const int SlotCount = 1 << SlotBits;
    private readonly Entry?[] _slots = new Entry?[SlotCount];

    /// <summary>The word's tokens, if they are remembered.</summary>
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        var entry = Volatile.Read(ref _slots[Slot(word)]);
        var hit = entry is not null && word.SequenceEqual(entry.Word);
        ids = hit ? entry!.Ids : default;
        return hit;
    }

    /// <summary>Remembers the word's tokens in the place of whatever stood in its slot.</summary>
    public void Set(ReadOnlySpan<char> word, ReadOnlySpan<int> ids) =>
        Volatile.Write(ref _slots[Slot(word)], new Entry(word.ToArray(), ids.ToArray()));

    private static int Slot(ReadOnlySpan<char> word)
    {
        var hash = (uint)word.Length;
        foreach (var c in word) hash = (hash ^ c) * 0x9E3779B1 + (hash >> 15);
        return (int)((hash * 0x85EBCA6B) >> (32 - SlotBits));
    }

    private sealed record Entry(char[] Word, int[] Ids);
}
