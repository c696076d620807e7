using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Measurement;

/// <summary>Measures how fast memory is read by summing a block that no cache holds.</summary>
internal static unsafe class ReadBandwidth
{
    private const int Rounds = 6;
    private const int PartBytes = 1 << 22; // many parts a thread: a thread that is held up costs little
    private const int PartFloats = PartBytes / sizeof(float);

    /// <summary>The best of some rounds, in GB/s (10^9 bytes a second), with all threads of <paramref name="team"/>.</summary>
    /// <param name="team">Who reads.</param>
    /// <param name="bytes">Size of the block, rounded down to whole parts of 4 MiB; well above the caches, well below the free
    /// memory.</param>
    public static double Measure(ThreadTeam team, long bytes)
    {
        var parts = (int)Math.Max(1, bytes / PartBytes);
        var size = (nuint)parts * PartBytes;
        var block = (float*)NativeMemory.AlignedAlloc(size, 4096);
        var sums = (float*)NativeMemory.AllocZeroed((nuint)parts, sizeof(float));
        try
        {
            team.Run(new Touch(block), parts); // pages exist only once they have been written
            var job = new Read(block, sums);
            var best = TimeSpan.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                team.Run(job, parts);
                var elapsed = Stopwatch.GetElapsedTime(start);
                if (elapsed < best) best = elapsed;
            }
            return size / best.TotalSeconds / 1e9;
        }
        finally
        {
            NativeMemory.AlignedFree(block);
            NativeMemory.Free(sums);
        }
    }

    private readonly struct Touch(float* block) : IParallelJob
    {
        public void Run(int part) => new Span<float>(block + (nint)part * PartFloats, PartFloats).Fill(1f);
    }

    private readonly struct Read(float* block, float* sums) : IParallelJob
    {
        public void Run(int part)
        {
            var source = block + (nint)part * PartFloats;
            if (SimdPath.Is512) sums[part] = Sum<Simd512, Vector512<float>>(source);
            else if (SimdPath.Is256) sums[part] = Sum<Simd256, Vector256<float>>(source);
            else sums[part] = Sum<Simd128, Vector128<float>>(source);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Sum<S, V>(float* source) where S : struct, ISimd<V> where V : struct
    {
        V a = S.Zero, b = S.Zero, c = S.Zero, d = S.Zero;
        for (var end = source + PartFloats; source < end; source += 4 * S.Count)
        {
            a = S.Add(a, S.Load(source));
            b = S.Add(b, S.Load(source + S.Count));
            c = S.Add(c, S.Load(source + 2 * S.Count));
            d = S.Add(d, S.Load(source + 3 * S.Count));
        }
        return S.Sum(S.Add(S.Add(a, b), S.Add(c, d)));
    }
}
