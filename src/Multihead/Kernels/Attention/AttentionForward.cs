using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Attention;

/// <summary>The forward pass: each part takes one block of rows over the key blocks in ascending order and keeps the running
/// maximum, sum and output of every row ("online softmax", https://arxiv.org/abs/1805.02867; the blocked form is that of
/// FlashAttention, https://arxiv.org/abs/2205.14135). A row's bits depend on what it sees alone: keys it does not see add
/// nothing at all, and a row without new keys or a new maximum is not rescaled.</summary>
internal readonly unsafe struct AttentionForward<TSimd, V, TKeys, TLogits>(
    in AttentionProblem problem, in SpanParts parts, TKeys keys, TLogits logits) : IParallelJob
    where TSimd : struct, ISimd<V> where V : struct where TKeys : struct, IVisibleKeys where TLogits : struct, ILogits
{
    private readonly AttentionProblem _problem = problem;
    private readonly SpanParts _parts = parts;
    private readonly TKeys _keys = keys;
    private readonly TLogits _logits = logits;

    /// <summary>Units of a span for <see cref="SpanParts"/>.</summary>
    public static int Units(int rows, int keys) =>
        SpanParts.Blocks(rows, ForwardBlock<TSimd, V, TKeys, TLogits>.RowBlock(rows));

    public void Run(int part)
    {
        var (span, firstHead, unit) = _parts.Find(part);
        for (var head = 0; head < _parts.HeadsOfPart; head++)
        {
            if (_parts.HeadsOfPart > 1) NextSpan.Prefetch(_problem, span + 1, head, _parts.HeadsOfPart);
            Run(span, firstHead + head, unit);
        }
    }

    [SkipLocalsInit] // the structs on the stack are long
    private void Run(int span, int keyValueHead, int unit)
    {
        var rows = new AttentionRows(_problem, span, keyValueHead);
        var work = new ForwardBlock<TSimd, V, TKeys, TLogits>(_problem, rows, _keys, _logits, unit);
        work.LoadQuery();
        const int keys = ForwardBlock<TSimd, V, TKeys, TLogits>.KeyBlock;
        for (var key = 0; key < rows.KeyCount; key += keys) work.VisitKeys(key);
        work.Finish();
    }
}
