using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Selection;

/// <summary>The k most probable entries of each row of logits, with their log-probabilities: a search's view of a softmax over
/// the vocabulary, without writing the softmax.</summary>
internal static unsafe class TopLogProbabilities
{
    /// <param name="team">The threads.</param>
    /// <param name="logits">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">At least <paramref name="k"/>.</param>
    /// <param name="k">How many a row.</param>
    /// <param name="ids">[rows, k]: best first, NaN last; among equals the lower number first.</param>
    /// <param name="logProbabilities">[rows, k], in nats. A row with NaN, with plus infinity, or with nothing but minus infinity
    /// gives NaN.</param>
    public static void Select(ThreadTeam team, float* logits, int rows, int width, int k, int* ids, float* logProbabilities) =>
        RowLoop.Run(team, new SelectRow(logits, width, k, ids, logProbabilities), rows, width);

    internal readonly struct SelectRow(float* logits, int width, int k, int* ids, float* logProbabilities) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var x = logits + (long)row * width;
            var best = new Span<float>(logProbabilities + (long)row * k, k);
            Largest(new ReadOnlySpan<float>(x, width), new Span<int>(ids + (long)row * k, k), best);
            var max = best[0];
            var logSum = MathF.Log(RowSum.Of<TSimd, V, ShiftedExpTerms>(new ShiftedExpTerms(x, max), width));
            // Not value - (max + logSum): beside large logits the sum would lose its digits.
            foreach (ref var value in best) value = value - max - logSum;
        }
    }

    /// <summary>e^(x[i] - shift).</summary>
    private readonly struct ShiftedExpTerms(float* x, float shift) : IRowTerm
    {
        private readonly float* _x = x;
        private readonly float _shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            VectorMath.Exp<TSimd, V>(TSimd.Subtract(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_shift)));
    }

    // An insertion into a short sorted list: nearly all entries fail the first comparison.
    private static void Largest(ReadOnlySpan<float> values, Span<int> ids, Span<float> best)
    {
        best.Fill(float.NegativeInfinity);
        var (last, found) = (best.Length - 1, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] > best[last])) continue;
            var at = last;
            for (; at > 0 && values[i] > best[at - 1]; at--) (best[at], ids[at]) = (best[at - 1], ids[at - 1]);
            (best[at], ids[at]) = (values[i], i);
            found++;
        }
        if (found < best.Length) FillUp(values, ids, best, found);
    }

    // Fewer entries than asked for are above minus infinity: those at it follow, then NaN.
    private static void FillUp(ReadOnlySpan<float> values, Span<int> ids, Span<float> best, int found)
    {
        for (var i = 0; i < values.Length && found < ids.Length; i++)
            if (float.IsNegativeInfinity(values[i])) ids[found++] = i;
        for (var i = 0; i < values.Length && found < ids.Length; i++)
            if (float.IsNaN(values[i])) (best[found], ids[found++]) = (float.NaN, i);
    }
}
