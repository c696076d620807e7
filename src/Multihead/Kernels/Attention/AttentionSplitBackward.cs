using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Attention;

/// <summary>The backward pass for fewer long spans and heads than threads: a part is a block of keys, which gathers the gradients
/// of key and value over all rows, or a block of rows, which gathers that of the query over all keys. Probabilities are computed
/// twice, 7 products in place of 5, but every block has its own part. The chains are those of
/// <see cref="AttentionBackward{TSimd, V, TKeys, TLogits}"/>, hence so are the bits.</summary>
internal readonly unsafe struct AttentionSplitBackward<TSimd, V, TKeys, TLogits>(
    in AttentionProblem problem, in AttentionGradients gradients, in SpanParts parts, TKeys keys, TLogits logits) : IParallelJob
    where TSimd : struct, ISimd<V> where V : struct where TKeys : struct, IVisibleKeys where TLogits : struct, ILogits
{
    private const int RowBlock = BackwardRows<TSimd, V>.RowBlock;

    private readonly AttentionProblem _problem = problem;
    private readonly AttentionGradients _gradients = gradients;
    private readonly SpanParts _parts = parts;
    private readonly TKeys _keys = keys;
    private readonly TLogits _logits = logits;

    /// <summary>Units of a span for <see cref="SpanParts"/>.</summary>
    public static int Units(int rows, int keys) =>
        SpanParts.Blocks(rows, RowBlock) + SpanParts.Blocks(keys, AttentionRows.Block);

    public void Run(int part)
    {
        var (span, firstHead, unit) = _parts.Find(part);
        for (var head = 0; head < _parts.HeadsOfPart; head++) Run(span, firstHead + head, unit);
    }

    [SkipLocalsInit] // the structs on the stack are long
    private void Run(int span, int keyValueHead, int unit)
    {
        var rows = new AttentionRows(_problem, span, keyValueHead);
        var work = new BackwardTile<TSimd, V, TKeys, TLogits>(_problem, _gradients, rows, _keys, _logits, blocks: 1,
            keyBlocks: 1);
        var rowBlocks = SpanParts.Blocks(rows.RowCount, RowBlock);
        if (unit < rowBlocks) Rows(ref work, rows, unit * RowBlock);
        else Keys(ref work, rows, (unit - rowBlocks) * AttentionRows.Block);
    }

    private static void Rows(ref BackwardTile<TSimd, V, TKeys, TLogits> work, in AttentionRows rows, int row)
    {
        work.LoadRows(0, row);
        work.LoadQueryGradient();
        for (var key = 0; key < rows.KeyCount; key += AttentionRows.Block)
        {
            if (!work.Sees(key)) continue;
            work.LoadKeys(0, key);
            work.Visit(toRows: true, toKeys: false);
        }
        work.StoreQueryGradient();
    }

    private static void Keys(ref BackwardTile<TSimd, V, TKeys, TLogits> work, in AttentionRows rows, int key)
    {
        work.LoadKeys(0, key);
        work.LoadKeyGradients();
        for (var row = 0; row < rows.RowCount; row += RowBlock)
        {
            work.SelectRows(0, row);
            if (!work.Sees(key)) continue;
            work.LoadRows(0, row);
            work.Visit(toRows: false, toKeys: true);
        }
        work.StoreKeyGradients();
    }
}
