using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Attention;

/// <summary>The backward pass for few long spans: a part is a block of keys, which gathers the gradients of key and value
/// over all rows, or a block of rows, which gathers that of the query over all keys. Probabilities are computed twice, 7
/// products in place of 5, but every block has its own part. The chains are those of
/// <see cref="AttentionBackward{TSimd, V}"/>, hence so are the bits.</summary>
internal readonly unsafe struct AttentionSplitBackward<TSimd, V>(
    in AttentionProblem problem, in AttentionGradients gradients, in SpanParts parts) : IParallelJob
    where TSimd : struct, ISimd<V> where V : struct
{
    private const int Block = AttentionRows.Block;

    private readonly AttentionProblem _problem = problem;
    private readonly AttentionGradients _gradients = gradients;
    private readonly SpanParts _parts = parts;

    /// <summary>Units of a span for <see cref="SpanParts"/>.</summary>
    public static int Units(int rows, int keys) => SpanParts.Blocks(rows, Block) + SpanParts.Blocks(keys, Block);

    public void Run(int part)
    {
        var (span, keyValueHead, unit) = _parts.Find(part);
        var rows = new AttentionRows(_problem, span, keyValueHead);
        var work = new BackwardTile<TSimd, V>(_problem, _gradients, rows);
        var rowBlocks = SpanParts.Blocks(rows.RowCount, Block);
        if (unit < rowBlocks) Rows(work, rows, unit * Block);
        else Keys(work, rows, (unit - rowBlocks) * Block);
    }

    private static void Rows(BackwardTile<TSimd, V> work, in AttentionRows rows, int row)
    {
        work.LoadRows(row);
        work.LoadQueryGradient(begin: true);
        var end = rows.Visible(Math.Min(row + Block, rows.RowCount) - 1);
        for (var key = 0; key < end; key += Block)
        {
            work.LoadKeys(key);
            work.Recompute();
            work.AddToQuery();
        }
        work.StoreQueryGradient();
    }

    private static void Keys(BackwardTile<TSimd, V> work, in AttentionRows rows, int key)
    {
        work.LoadKeys(key);
        work.LoadKeyGradients();
        for (var row = rows.FirstSeeing(key) / Block * Block; row < rows.RowCount; row += Block)
        {
            work.LoadRows(row);
            work.Recompute();
            work.AddToKeys();
        }
        work.StoreKeyGradients();
    }
}
