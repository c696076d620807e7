using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Attention;

/// <summary>The backward pass with a whole span and head in one part: every tile of probabilities is computed again once and
/// feeds all three gradients.</summary>
internal readonly unsafe struct AttentionBackward<TSimd, V>(
    in AttentionProblem problem, in AttentionGradients gradients, in SpanParts parts) : IParallelJob
    where TSimd : struct, ISimd<V> where V : struct
{
    private readonly AttentionProblem _problem = problem;
    private readonly AttentionGradients _gradients = gradients;
    private readonly SpanParts _parts = parts;

    /// <summary>Units of a span for <see cref="SpanParts"/>.</summary>
    public static int Units(int rows, int keys) => rows + keys > 0 ? 1 : 0;

    public void Run(int part)
    {
        var (span, keyValueHead, _) = _parts.Find(part);
        var rows = new AttentionRows(_problem, span, keyValueHead);
        var work = new BackwardTile<TSimd, V>(_problem, _gradients, rows);
        if (rows.KeyCount == 0) work.ClearQueryGradient();
        for (var key = 0; key < rows.KeyCount; key += AttentionRows.Block)
        {
            work.LoadKeys(key);
            work.LoadKeyGradients();
            // The first block of keys visits every row, since it is where the gradients of the queries begin.
            var start = key == 0 ? 0 : rows.FirstSeeing(key) / AttentionRows.Block * AttentionRows.Block;
            for (var row = start; row < rows.RowCount; row += AttentionRows.Block)
            {
                work.LoadRows(row);
                work.LoadQueryGradient(begin: key == 0);
                work.Recompute();
                work.AddToKeys();
                work.AddToQuery();
                work.StoreQueryGradient();
            }
            work.StoreKeyGradients();
        }
    }
}
