using System.Diagnostics;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Attention;

/// <summary>Attention without a matrix of length by length: logits live in tiles, memory grows with length alone.
/// The bits of an output row depend on its query, the keys and values it sees and the scale only: not on other rows, spans,
/// padding or threads, and a decoded row equals the same row of a whole causal pass. (With dropout the place of the row in the
/// batch also counts.) A row that sees no key gives zeros; a NaN or infinity in a query, or in a key or value that a row
/// sees, spoils that row and no other; in the backward pass, and anywhere in bf16, it may spoil its span and head.</summary>
internal static unsafe class FusedAttention
{
    /// <summary>Writes <c>Output</c> and, unless it is null, <c>LogSumExp</c> for every row of every span.</summary>
    public static void Forward(ThreadTeam team, in AttentionProblem problem)
    {
        if (SimdPath.Is512) Forward<Simd512, Vector512<float>>(team, problem);
        else if (SimdPath.Is256) Forward<Simd256, Vector256<float>>(team, problem);
        else Forward<Simd128, Vector128<float>>(team, problem);
    }

    /// <summary>Writes the gradients of query, key and value, given <c>Output</c> and <c>LogSumExp</c> of the forward pass
    /// over the same problem.</summary>
    public static void Backward(ThreadTeam team, in AttentionProblem problem, in AttentionGradients gradients)
    {
        if (SimdPath.Is512) Backward<Simd512, Vector512<float>>(team, problem, gradients);
        else if (SimdPath.Is256) Backward<Simd256, Vector256<float>>(team, problem, gradients);
        else Backward<Simd128, Vector128<float>>(team, problem, gradients);
    }

    /// <summary>The forward pass on vectors of a given width.</summary>
    internal static void Forward<TSimd, V>(ThreadTeam team, in AttentionProblem problem)
        where TSimd : struct, ISimd<V> where V : struct
    {
        if (problem.Window > 0) Forward<TSimd, V, WindowKeys>(team, problem, new WindowKeys(problem.Window));
        else if (problem.Causal) Forward<TSimd, V, CausalKeys>(team, problem, default);
        else Forward<TSimd, V, AllKeys>(team, problem, default);
    }

    /// <summary>The backward pass on vectors of a given width.</summary>
    internal static void Backward<TSimd, V>(ThreadTeam team, in AttentionProblem problem, in AttentionGradients gradients)
        where TSimd : struct, ISimd<V> where V : struct
    {
        if (problem.Window > 0) Backward<TSimd, V, WindowKeys>(team, problem, gradients, new WindowKeys(problem.Window));
        else if (problem.Causal) Backward<TSimd, V, CausalKeys>(team, problem, gradients, default);
        else Backward<TSimd, V, AllKeys>(team, problem, gradients, default);
    }

    private static void Forward<TSimd, V, TKeys>(ThreadTeam team, in AttentionProblem problem, TKeys keys)
        where TSimd : struct, ISimd<V> where V : struct where TKeys : unmanaged, IVisibleKeys
    {
        if (problem.LogitCap > 0) Forward<TSimd, V, TKeys, CappedLogits>(team, problem, keys, new CappedLogits(problem.LogitCap));
        else Forward<TSimd, V, TKeys, ScaledLogits>(team, problem, keys, default);
    }

    private static void Backward<TSimd, V, TKeys>(ThreadTeam team, in AttentionProblem problem, in AttentionGradients gradients,
        TKeys keys) where TSimd : struct, ISimd<V> where V : struct where TKeys : unmanaged, IVisibleKeys
    {
        if (problem.LogitCap > 0)
            Backward<TSimd, V, TKeys, CappedLogits>(team, problem, gradients, keys, new CappedLogits(problem.LogitCap));
        else Backward<TSimd, V, TKeys, ScaledLogits>(team, problem, gradients, keys, default);
    }

    /// <summary>The forward pass of a kind of attention: its two structs say which keys are seen and what becomes of scores, in
    /// place of the problem's <c>Causal</c>, <c>Window</c> and <c>LogitCap</c>.</summary>
    internal static void Forward<TSimd, V, TKeys, TLogits>(ThreadTeam team, in AttentionProblem problem, TKeys keys,
        TLogits logits)
        where TSimd : struct, ISimd<V> where V : struct
        where TKeys : unmanaged, IVisibleKeys where TLogits : unmanaged, ILogits
    {
        problem.AssertValid();
        using var parts = new SpanParts(problem, &AttentionForward<TSimd, V, TKeys, TLogits>.Units, team.ThreadCount);
        team.Run(new AttentionForward<TSimd, V, TKeys, TLogits>(problem, parts, keys, logits), parts.Count);
    }

    /// <summary>The backward pass of a kind of attention.</summary>
    internal static void Backward<TSimd, V, TKeys, TLogits>(ThreadTeam team, in AttentionProblem problem,
        in AttentionGradients gradients, TKeys keys, TLogits logits)
        where TSimd : struct, ISimd<V> where V : struct
        where TKeys : unmanaged, IVisibleKeys where TLogits : unmanaged, ILogits
    {
        problem.AssertValid();
        Debug.Assert(problem.LogSumExp != null, "The backward pass needs LogSumExp of the forward pass.");
        if (PaysToSplit(problem, team.ThreadCount))
        {
            using var parts = new SpanParts(problem, &AttentionSplitBackward<TSimd, V, TKeys, TLogits>.Units, team.ThreadCount);
            team.Run(new AttentionSplitBackward<TSimd, V, TKeys, TLogits>(problem, gradients, parts, keys, logits), parts.Count);
        }
        else
        {
            using var parts = new SpanParts(problem, &AttentionBackward<TSimd, V, TKeys, TLogits>.Units, team.ThreadCount);
            team.Run(new AttentionBackward<TSimd, V, TKeys, TLogits>(problem, gradients, parts, keys, logits), parts.Count);
        }
    }

    /// <summary>Whether the longest span would keep one thread busy for longer than all threads need for the work of the
    /// split pass, which has 7 products for the 5 of the other.</summary>
    private static bool PaysToSplit(in AttentionProblem problem, int threads)
    {
        double longest = 0, total = 0;
        for (var i = 0; i < problem.SpanCount; i++)
        {
            var area = (double)problem.Spans[i].QueryCount * problem.Spans[i].KeyCount;
            longest = Math.Max(longest, area);
            total += area * problem.KeyValueHeadCount;
        }
        return longest * 5 * threads > total * 7;
    }
}
