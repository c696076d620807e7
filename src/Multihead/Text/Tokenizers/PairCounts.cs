namespace Multihead.Text.Tokenizers;

/// <summary>How often each pair of neighbouring tokens is seen, in which words, and which pair comes next.</summary>
/// <param name="minimum">Pairs seen less often never come.</param>
internal sealed class PairCounts(long minimum)
{
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly HashSet<long> _grown = [];

    // The most frequent pair first, the smaller ids of equals. An entry whose count has changed since is mended when it comes.
    private readonly PriorityQueue<long, (long NegativeCount, long Pair)> _queue = new();

    /// <summary>Counts a pair <paramref name="count"/> times more, which is seen in <paramref name="word"/>.</summary>
    public void Add(int left, int right, long count, int word)
    {
        var pair = Key(left, right);
        if (!_entries.TryGetValue(pair, out var entry)) _entries.Add(pair, entry = new Entry());
        entry.Count += count;
        if (entry.Words.Count == 0 || entry.Words[^1] != word) entry.Words.Add(word);
        _grown.Add(pair);
    }

    /// <summary>Counts a pair <paramref name="count"/> times less.</summary>
    public void Subtract(int left, int right, long count)
    {
        var pair = Key(left, right);
        var entry = _entries[pair];
        entry.Count -= count;
        if (entry.Count == 0) _entries.Remove(pair);
    }

    /// <summary>Forgets a pair that is no more.</summary>
    public void Remove(int left, int right) => _entries.Remove(Key(left, right));

    /// <summary>Takes the most frequent pair from the queue, with the words where it is (and maybe some where it was).</summary>
    public bool TryTake(out int left, out int right, out IReadOnlyList<int> words)
    {
        foreach (var pair in _grown)
            if (_entries.TryGetValue(pair, out var entry)) Enqueue(pair, entry);
        _grown.Clear();
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            if (!_entries.TryGetValue(pair, out var entry)) continue;
            if (entry.Count != -priority.NegativeCount)
            {
                Enqueue(pair, entry);
                continue;
            }
            (left, right, words) = ((int)(pair >> 32), (int)pair, entry.Words);
            return true;
        }
        (left, right, words) = (0, 0, []);
        return false;
    }

    private void Enqueue(long pair, Entry entry)
    {
        if (entry.Count >= minimum) _queue.Enqueue(pair, (-entry.Count, pair));
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private sealed class Entry
    {
        public long Count;
        public readonly List<int> Words = [];
    }
}
