using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Attention;

/// <summary>Asks for the rows of the next short span while the heads of the one before are at work: a short span is done in less
/// time than its rows take to come, one by one, from afar.</summary>
internal static unsafe class NextSpan
{
    // Longer spans have time to ask for their own rows.
    private const int Longest = 64;

    /// <summary>Asks for what the forward pass reads.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="span">The span; nothing is done if there is none of that number.</param>
    /// <param name="share">Which part of its rows.</param>
    /// <param name="shares">Of how many.</param>
    public static void Prefetch(in AttentionProblem problem, int span, int share, int shares)
    {
        if (!Covers(problem, span)) return;
        var (queries, keys) = (problem.HeadCount * problem.HeadDim, problem.KeyValueHeadCount * problem.HeadDim);
        var of = problem.Spans[span];
        Rows(problem.Query, problem.QueryStride, of.QueryStart, of.QueryCount, queries, share, shares);
        Rows(problem.Key, problem.KeyStride, of.KeyStart, of.KeyCount, keys, share, shares);
        Rows(problem.Value, problem.ValueStride, of.KeyStart, of.KeyCount, keys, share, shares);
    }

    /// <summary>Asks for what the backward pass reads and writes.</summary>
    public static void Prefetch(in AttentionProblem problem, in AttentionGradients gradients, int span, int share, int shares)
    {
        if (!Covers(problem, span)) return;
        Prefetch(problem, span, share, shares);
        var (queries, keys) = (problem.HeadCount * problem.HeadDim, problem.KeyValueHeadCount * problem.HeadDim);
        var of = problem.Spans[span];
        Rows(problem.Output, problem.OutputStride, of.QueryStart, of.QueryCount, queries, share, shares);
        Rows(gradients.Output, gradients.OutputStride, of.QueryStart, of.QueryCount, queries, share, shares);
        Rows(gradients.Query, gradients.QueryStride, of.QueryStart, of.QueryCount, queries, share, shares);
        Rows(gradients.Key, gradients.KeyStride, of.KeyStart, of.KeyCount, keys, share, shares);
        Rows(gradients.Value, gradients.ValueStride, of.KeyStart, of.KeyCount, keys, share, shares);
    }

    private static bool Covers(in AttentionProblem problem, int span) => Sse.IsSupported && span < problem.SpanCount
        && problem.Spans[span].QueryCount <= Longest && problem.Spans[span].KeyCount <= Longest;

    private static void Rows(float* matrix, nint stride, int start, int count, int width, int share, int shares)
    {
        for (var i = count * share / shares; i < count * (share + 1) / shares; i++)
            for (var column = 0; column < width; column += 16) Sse.Prefetch1(matrix + (start + i) * stride + column);
    }
}
