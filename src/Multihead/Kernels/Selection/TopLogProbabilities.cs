using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    /// <param name="ids">[rows, k]: best first; among equals the lower number first.</param>
    /// <param name="logProbabilities">[rows, k], in nats.</param>
    public static void Select(ThreadTeam team, float* logits, int rows, int width, int k, int* ids, float* logProbabilities) =>
        team.Run(new Job { Logits = logits, Width = width, K = k, Ids = ids, LogProbabilities = logProbabilities }, rows);

    private struct Job : IParallelJob
    {
        public float* Logits;
        public int Width, K;
        public int* Ids;
        public float* LogProbabilities;

        public readonly void Run(int row)
        {
            var logits = Logits + (long)row * Width;
            var ids = new Span<int>(Ids + (long)row * K, K);
            var best = new Span<float>(LogProbabilities + (long)row * K, K);
            Largest(new ReadOnlySpan<float>(logits, Width), ids, best);
            var max = best[0];
            var logSum = MathF.Log(
                SimdPath.Is512 ? SumOfExponentials<Simd512, Vector512<float>>(logits, Width, max)
                : SimdPath.Is256 ? SumOfExponentials<Simd256, Vector256<float>>(logits, Width, max)
                : SumOfExponentials<Simd128, Vector128<float>>(logits, Width, max));
            // Not value - (max + logSum): beside large logits the sum would lose its digits.
            foreach (ref var value in best) value = value - max - logSum;
        }
    }

    // An insertion into a short sorted list: nearly all entries fail the first comparison.
    private static void Largest(ReadOnlySpan<float> values, Span<int> ids, Span<float> best)
    {
        best.Fill(float.NegativeInfinity);
        ids.Clear();
        var last = best.Length - 1;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] > best[last])) continue;
            var at = last;
            for (; at > 0 && values[i] > best[at - 1]; at--) (best[at], ids[at]) = (best[at - 1], ids[at - 1]);
            (best[at], ids[at]) = (values[i], i);
        }
    }

    private static float SumOfExponentials<TSimd, V>(float* x, int width, float max)
        where TSimd : struct, ISimd<V> where V : struct
    {
        V sum = TSimd.Zero, shift = TSimd.Create(max);
        var whole = width / TSimd.Count * TSimd.Count;
        for (var i = 0; i < whole; i += TSimd.Count)
            sum = TSimd.Add(sum, VectorMath.Exp<TSimd, V>(TSimd.Subtract(TSimd.Load(x + i), shift)));
        if (whole == width) return TSimd.Sum(sum);
        var rest = VectorMath.Exp<TSimd, V>(TSimd.Subtract(TSimd.LoadPart(x + whole, width - whole), shift));
        return TSimd.Sum(TSimd.Add(sum, TSimd.LoadPart((float*)Unsafe.AsPointer(ref rest), width - whole)));
    }
}
