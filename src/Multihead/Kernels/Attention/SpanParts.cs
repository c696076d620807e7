using System.Runtime.InteropServices;

namespace Multihead.Kernels.Attention;

/// <summary>Numbers the pieces of work of a batch of spans: each span has some units (blocks of rows or keys) for each key and
/// value head, or, where there are many spans of about one length, for all heads together. Native memory, so that making one
/// allocates nothing managed.</summary>
internal unsafe struct SpanParts : IDisposable
{
    private readonly int _spanCount;
    private readonly int _headParts;
    private int* _starts; // [spanCount + 1], the first part of each span

    /// <param name="problem">The batch.</param>
    /// <param name="units">How many units a span with this many rows and keys has.</param>
    /// <param name="threads">How many threads there are to do the parts.</param>
    public SpanParts(in AttentionProblem problem, delegate*<int, int, int> units, int threads)
    {
        _spanCount = problem.SpanCount;
        HeadsOfPart = SpansAreManyAndEven(problem, threads) ? problem.KeyValueHeadCount : 1;
        _headParts = problem.KeyValueHeadCount / HeadsOfPart;
        _starts = (int*)NativeMemory.Alloc((nuint)_spanCount + 1, sizeof(int));
        _starts[0] = 0;
        for (var i = 0; i < _spanCount; i++)
        {
            var rows = problem.Spans[i].QueryCount * problem.Group;
            _starts[i + 1] = checked(_starts[i] + units(rows, problem.Spans[i].KeyCount) * _headParts);
        }
    }

    /// <summary>How many key and value heads a part goes through.</summary>
    public int HeadsOfPart { get; }

    public readonly int Count => _starts[_spanCount];

    /// <summary>Which span, first head and unit a part is. The last unit of a span comes first: under a causal mask it is the
    /// longest work, and long work is best begun early.</summary>
    public readonly (int Span, int KeyValueHead, int Unit) Find(int part)
    {
        int low = 0, high = _spanCount;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (_starts[middle] <= part) low = middle;
            else high = middle;
        }
        var reversed = _starts[low + 1] - 1 - part;
        return (low, reversed % _headParts * HeadsOfPart, reversed / _headParts);
    }

    // The longest span takes at most a quarter of a thread's share: threads will end at about the same time.
    private static bool SpansAreManyAndEven(in AttentionProblem problem, int threads)
    {
        double longest = 0, total = 0;
        for (var i = 0; i < problem.SpanCount; i++)
        {
            var area = (1.0 + problem.Spans[i].QueryCount) * (1.0 + problem.Spans[i].KeyCount);
            longest = Math.Max(longest, area);
            total += area;
        }
        return longest * 4 * threads <= total;
    }

    public static int Blocks(int count, int size) => (count + size - 1) / size;

    public void Dispose()
    {
        NativeMemory.Free(_starts);
        _starts = null;
    }
}
