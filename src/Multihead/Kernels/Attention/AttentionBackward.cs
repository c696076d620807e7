using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Attention;

/// <summary>The backward pass with a whole span and head in one part: every tile of probabilities is computed again once and
/// feeds all three gradients. The rows are packed once; memory is linear in the longest span.</summary>
internal readonly unsafe struct AttentionBackward<TSimd, V, TKeys, TLogits>(
    in AttentionProblem problem, in AttentionGradients gradients, in SpanParts parts, TKeys keys, TLogits logits) : IParallelJob
    where TSimd : struct, ISimd<V> where V : struct where TKeys : struct, IVisibleKeys where TLogits : struct, ILogits
{
    private const int RowBlock = BackwardRows<TSimd, V>.RowBlock;

    // Blocks of keys that a block of rows meets on one visit: with heads of 64 they fill a third of a second-level cache of
    // 1 MB, and the rows, which no cache holds where the span is long, come by a fourth as often.
    private const int KeyBlocks = 4;

    private readonly AttentionProblem _problem = problem;
    private readonly AttentionGradients _gradients = gradients;
    private readonly SpanParts _parts = parts;
    private readonly TKeys _keys = keys;
    private readonly TLogits _logits = logits;

    /// <summary>Units of a span for <see cref="SpanParts"/>.</summary>
    public static int Units(int rows, int keys) => rows + keys > 0 ? 1 : 0;

    public void Run(int part)
    {
        var (span, firstHead, _) = _parts.Find(part);
        for (var head = 0; head < _parts.HeadsOfPart; head++)
        {
            if (_parts.HeadsOfPart > 1) NextSpan.Prefetch(_problem, _gradients, span + 1, head, _parts.HeadsOfPart);
            Run(span, firstHead + head);
        }
    }

    [SkipLocalsInit] // the structs on the stack are long
    private void Run(int span, int keyValueHead)
    {
        var rows = new AttentionRows(_problem, span, keyValueHead);
        var blocks = SpanParts.Blocks(rows.RowCount, RowBlock);
        var keyBlocks = Math.Min(KeyBlocks, SpanParts.Blocks(rows.KeyCount, AttentionRows.Block));
        var work = new BackwardTile<TSimd, V, TKeys, TLogits>(_problem, _gradients, rows, _keys, _logits, blocks, keyBlocks);
        for (var block = 0; block < blocks; block++)
        {
            work.LoadRows(block, block * RowBlock);
            work.LoadQueryGradient();
        }
        for (var key = 0; key < rows.KeyCount; key += KeyBlocks * AttentionRows.Block) Run(ref work, rows, blocks, key);
        for (var block = 0; block < blocks; block++)
        {
            work.SelectRows(block, block * RowBlock);
            work.StoreQueryGradient();
        }
    }

    // All rows against some blocks of keys.
    private static void Run(ref BackwardTile<TSimd, V, TKeys, TLogits> work, in AttentionRows rows, int blocks, int firstKey)
    {
        const int length = KeyBlocks * AttentionRows.Block;
        var end = Math.Min(rows.KeyCount, firstKey + length);
        for (int key = firstKey, slot = 0; key < end; key += AttentionRows.Block, slot++)
        {
            work.LoadKeys(slot, key);
            work.LoadKeyGradients();
        }
        for (var block = 0; block < blocks; block++)
        {
            work.SelectRows(block, block * RowBlock);
            work.PrefetchKeys(firstKey + length, length, block, blocks);
            for (int key = firstKey, slot = 0; key < end; key += AttentionRows.Block, slot++)
            {
                if (!work.Sees(key)) continue;
                work.SelectKeys(slot, key);
                work.Visit(toRows: true, toKeys: true);
            }
        }
        for (int key = firstKey, slot = 0; key < end; key += AttentionRows.Block, slot++)
        {
            work.SelectKeys(slot, key);
            work.StoreKeyGradients();
        }
    }
}
