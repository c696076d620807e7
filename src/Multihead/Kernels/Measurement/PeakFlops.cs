using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Measurement;

/// <summary>Measures how fast the processor multiplies and adds when no memory is touched: the ceiling for every matrix product
/// on the same path and in the same format.</summary>
internal static unsafe class PeakFlops
{
    private const int Rounds = 8;
    private const double SecondsPerRound = 0.025;

    // Latency 4 at two a cycle wants 8 chains, at four a cycle 16; 14 and their two factors fill the 16 registers of AVX2.
    private const int Chains = 14;
    private const int SinkStride = 32; // floats: threads write to cache lines of their own

    /// <summary>The best of some short rounds, in GFLOP/s (a multiply-add counts as two), with all threads of
    /// <paramref name="team"/> at work; takes about a quarter of a second.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="format">The format of the operands; one that products are served in here.</param>
    public static double Measure(ThreadTeam team, ProductFormat format = ProductFormat.Fp32)
    {
        var steps = Calibrate(format);
        var best = 0.0;
        var sinks = stackalloc float[team.ThreadCount * SinkStride];
        var job = new Job(sinks, steps, format);
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            team.Run(job, team.ThreadCount);
            best = Math.Max(best, team.ThreadCount * FlopsOf(steps, format) / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best / 1e9;
    }

    private static int Lanes => SimdPath.Is512 ? Simd512.Count : SimdPath.Is256 ? Simd256.Count : Simd128.Count;

    private static double FlopsOf(long steps, ProductFormat format) =>
        (double)steps * (format == ProductFormat.Fp32 ? 2L * Chains * Lanes : AssembledPeak.OperationsPerStep(format));

    /// <summary>How many steps fill a round on one thread.</summary>
    private static long Calibrate(ProductFormat format)
    {
        var sink = 0f;
        for (var steps = 1L << 12; ; steps *= 2)
        {
            var start = Stopwatch.GetTimestamp();
            new Job(&sink, steps, format).Run(0);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (seconds > SecondsPerRound / 8) return (long)(steps * (SecondsPerRound / seconds));
        }
    }

    private readonly struct Job(float* sinks, long steps, ProductFormat format) : IParallelJob
    {
        public void Run(int part)
        {
            var sink = sinks + part * SinkStride;
            if (format != ProductFormat.Fp32) AssembledPeak.Run(format, steps);
            else if (SimdPath.Is512) *sink = MultiplyAdds<Simd512, Vector512<float>>(steps);
            else if (SimdPath.Is256) *sink = MultiplyAdds<Simd256, Vector256<float>>(steps);
            else *sink = MultiplyAdds<Simd128, Vector128<float>>(steps);
        }
    }

    /// <summary>Runs <see cref="Chains"/> independent chains x = x * a + b that go to 1, and returns what they came to, so
    /// that they cannot be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float MultiplyAdds<S, V>(long steps) where S : struct, ISimd<V> where V : struct
    {
        var a = S.Create(0.5f);
        var b = S.Create(0.5f);
        V c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b, c12 = b, c13 = b;
        for (var step = 0L; step < steps; step++)
        {
            c0 = S.MultiplyAdd(c0, a, b);
            c1 = S.MultiplyAdd(c1, a, b);
            c2 = S.MultiplyAdd(c2, a, b);
            c3 = S.MultiplyAdd(c3, a, b);
            c4 = S.MultiplyAdd(c4, a, b);
            c5 = S.MultiplyAdd(c5, a, b);
            c6 = S.MultiplyAdd(c6, a, b);
            c7 = S.MultiplyAdd(c7, a, b);
            c8 = S.MultiplyAdd(c8, a, b);
            c9 = S.MultiplyAdd(c9, a, b);
            c10 = S.MultiplyAdd(c10, a, b);
            c11 = S.MultiplyAdd(c11, a, b);
            c12 = S.MultiplyAdd(c12, a, b);
            c13 = S.MultiplyAdd(c13, a, b);
        }
        var even = S.Add(S.Add(S.Add(c0, c2), S.Add(c4, c6)), S.Add(S.Add(c8, c10), c12));
        var odd = S.Add(S.Add(S.Add(c1, c3), S.Add(c5, c7)), S.Add(S.Add(c9, c11), c13));
        return S.Sum(S.Add(even, odd));
    }
}
