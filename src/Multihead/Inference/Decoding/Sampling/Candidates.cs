namespace Multihead.Inference.Decoding.Sampling;

/// <summary>The tokens that may still be chosen. They are ranked only as far as somebody looks, by taking one after the other
/// from a heap: filters keep few of many.</summary>
internal sealed class Candidates(int vocabularySize)
{
    // [heap, the ranked ones from last to first]: a heap sort stopped halfway. The heap is made when first looked at.
    private readonly Candidate[] _items = new Candidate[vocabularySize];
    private int _start, _end, _ranked;
    private bool _isHeap;

    public int Count => _end - _start;

    /// <summary>Unranked: by number. Ranked: best first, from the last to the first of the span.</summary>
    public ReadOnlySpan<Candidate> Items => _items.AsSpan(_start, Count);

    /// <summary>Starts with every token but those at minus infinity; log-weight 0 for the best.</summary>
    /// <param name="logits">[vocabulary], at least one above minus infinity.</param>
    /// <param name="temperature">Above 0.</param>
    public void Reset(ReadOnlySpan<float> logits, double temperature)
    {
        var max = float.NegativeInfinity;
        foreach (var logit in logits) max = Math.Max(max, logit);
        (_start, _end) = (0, 0);
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNegativeInfinity(logits[id])) continue;
            var logWeight = ((double)logits[id] - max) / temperature;
            _items[_end++] = new Candidate(id, logWeight, logWeight);
        }
        Unrank();
    }

    /// <summary>The candidate at a rank, from 0.</summary>
    public Candidate Ranked(int rank)
    {
        while (_ranked <= rank) RankNext();
        return _items[_end - 1 - rank];
    }

    /// <summary>Drops all but the first <paramref name="count"/> by rank.</summary>
    public void Keep(int count)
    {
        Ranked(count - 1);
        (_start, _ranked) = (_end - count, count);
    }

    /// <summary>Drops all but the fewest first ones by rank that hold <paramref name="share"/> of the weight.</summary>
    public void KeepShare(double share)
    {
        var wanted = share * TotalWeight();
        var count = 0;
        for (var held = 0.0; held < wanted && count < Count; count++) held += Ranked(count).Weight;
        Keep(Math.Max(1, count));
    }

    /// <summary>Ranks by another key from now on.</summary>
    public void Rank<TKey>(TKey key) where TKey : struct, ICandidateKey
    {
        foreach (ref var item in _items.AsSpan(_start, Count)) item = item with { Key = key.Of(item) };
        Unrank();
    }

    public double TotalWeight()
    {
        var sum = 0.0;
        foreach (ref readonly var item in Items) sum += item.Weight;
        return sum;
    }

    private void Unrank() => (_ranked, _isHeap) = (0, false);

    private void RankNext()
    {
        var heap = _items.AsSpan(_start, Count - _ranked);
        if (!_isHeap)
            for (var i = heap.Length / 2 - 1; i >= 0; i--) SiftDown(heap, i);
        _isHeap = true;
        (heap[0], heap[^1]) = (heap[^1], heap[0]);
        SiftDown(heap[..^1], 0);
        _ranked++;
    }

    private static void SiftDown(Span<Candidate> heap, int at)
    {
        for (var child = 2 * at + 1; child < heap.Length; child = 2 * at + 1)
        {
            if (child + 1 < heap.Length && heap[child + 1].Before(heap[child])) child++;
            if (!heap[child].Before(heap[at])) return;
            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }
}
