using Multihead.Kernels.RandomNumbers;

namespace Multihead.Training.Batches;

/// <summary>Which pairs go together in which order: a function of the seed and the epoch. Pairs are shuffled, sorted by length
/// within pools, cut where the token budget of either side is full, and the batches shuffled.</summary>
internal sealed class BatchPlan
{
    // Large enough that a batch's sentences are of like length, small enough that their order still is random.
    private const int PoolSize = 2048;

    private readonly EncodedCorpus _corpus;
    private readonly int _tokenBudget;
    private readonly PhiloxGenerator _random;
    private readonly int[] _order;
    private readonly long[] _keys;
    private readonly (int Start, int End)[] _batches;

    /// <summary>Plans nothing yet: <see cref="Plan"/> does. Every pair must fit the budget alone.</summary>
    public BatchPlan(EncodedCorpus corpus, int tokenBudget, ulong seed)
    {
        (_corpus, _tokenBudget, _random) = (corpus, tokenBudget, new PhiloxGenerator(seed, 0));
        _order = new int[corpus.Count];
        _keys = new long[corpus.Count];
        _batches = new (int, int)[corpus.Count];
    }

    /// <summary>Batches of the epoch planned last.</summary>
    public int BatchCount { get; private set; }

    /// <summary>The pairs of one batch of the epoch planned last.</summary>
    public ReadOnlySpan<int> this[int batch] => _order.AsSpan(_batches[batch].Start.._batches[batch].End);

    /// <summary>Plans an epoch; allocates nothing.</summary>
    public void Plan(int epoch)
    {
        _random.MoveTo((ulong)epoch);
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        Shuffle<int>(_order);
        for (var start = 0; start < _order.Length; start += PoolSize)
            SortByLength(start, Math.Min(PoolSize, _order.Length - start));
        Cut();
        Shuffle(_batches.AsSpan(0, BatchCount));
    }

    private void SortByLength(int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            var (source, target) = (_corpus.Source(_order[i]).Length, _corpus.Target(_order[i]).Length);
            _keys[i] = (long)target << 40 | (long)source << 20 | (long)(i - start); // ties keep their random order
        }
        Array.Sort(_keys, _order, start, count);
    }

    private void Cut()
    {
        BatchCount = 0;
        var (start, sourceTokens, targetTokens) = (0, 0, 0);
        for (var i = 0; i < _order.Length; i++)
        {
            var (source, target) = (_corpus.Source(_order[i]).Length + 1, _corpus.Target(_order[i]).Length + 1);
            if (i > start && (sourceTokens + source > _tokenBudget || targetTokens + target > _tokenBudget))
            {
                _batches[BatchCount++] = (start, i);
                (start, sourceTokens, targetTokens) = (i, 0, 0);
            }
            sourceTokens += source;
            targetTokens += target;
        }
        if (start < _order.Length) _batches[BatchCount++] = (start, _order.Length);
    }

    private void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = _random.NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
