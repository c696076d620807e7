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
        var work = new BackwardTile<TSimd, V, TKeys, TLogits>(_problem, _gradients, rows, _keys, _logits, blocks);
        for (var block = 0; block < blocks; block++)
        {
            work.LoadRows(block, block * RowBlock);
            work.LoadQueryGradient();
        }
        for (var key = 0; key < rows.KeyCount; key += AttentionRows.Block)
        {
            work.LoadKeys(key);
            work.LoadKeyGradients();
            for (var block = 0; block < blocks; block++)
            {
                work.SelectRows(block, block * RowBlock);
                work.PrefetchKeys(key + AttentionRows.Block, block, blocks);
                if (work.Sees(key)) work.Visit(toRows: true, toKeys: true);
            }
            work.StoreKeyGradients();
        }
        for (var block = 0; block < blocks; block++)
        {
            work.SelectRows(block, block * RowBlock);
            work.StoreQueryGradient();
        }
    }
}
