using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>Packs a panel of a matrix whose depth runs along memory: 16 words of 16 lanes at a time are turned in registers.
/// </summary>
internal static unsafe class PackAlong
{
    public static void Pack<TWords, T>(TWords words, T* source, long laneStride, int firstLane, int lanes, int depth, int width,
        uint* destination) where TWords : struct, IWords<T> where T : unmanaged
    {
        var whole = depth / (16 * TWords.Elements) * (16 * TWords.Elements);
        for (var lane = 0; lane < lanes; lane += 16)
        {
            var count = Math.Min(16, lanes - lane);
            var from = source + lane * laneStride;
            for (var k = 0; k < whole; k += 16 * TWords.Elements)
            {
                var to = destination + (long)(k / TWords.Elements) * width + lane;
                PrefetchNextLanes<TWords, T>(from + 16 * laneStride + k, laneStride);
                if (count == 16) Turn(words, from + k, laneStride, firstLane + lane, to, width);
                else TurnPart(words, from + k, laneStride, firstLane + lane, count, to, width);
            }
        }
        Panels.Gather(words, source, laneStride, 1, firstLane, lanes, whole, depth, width, destination);
    }

    // The next 16 lanes lie far apart; beyond the last lane nothing is read, only asked for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNextLanes<TWords, T>(T* source, long laneStride)
        where TWords : struct, IWords<T> where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        for (var lane = 0; lane < 16; lane++, source += laneStride)
            for (var next = 0; next < 16 * TWords.Elements; next += 64 / sizeof(T)) Sse.Prefetch0(source + next);
    }

    // Four rounds as in a fast Fourier transform: pairs of words, pairs of pairs, then 128-bit lanes twice.
    private static void Turn<TWords, T>(TWords words, T* source, long laneStride, int lane, uint* to, long width)
        where TWords : struct, IWords<T> where T : unmanaged
    {
        TurnFour(words, source, laneStride, lane, out var a0, out var a1, out var a2, out var a3);
        TurnFour(words, source + 4 * laneStride, laneStride, lane + 4, out var b0, out var b1, out var b2, out var b3);
        TurnFour(words, source + 8 * laneStride, laneStride, lane + 8, out var c0, out var c1, out var c2, out var c3);
        TurnFour(words, source + 12 * laneStride, laneStride, lane + 12, out var d0, out var d1, out var d2, out var d3);
        JoinFour(a0, b0, c0, d0, to, 4 * width);
        JoinFour(a1, b1, c1, d1, to + width, 4 * width);
        JoinFour(a2, b2, c2, d2, to + 2 * width, 4 * width);
        JoinFour(a3, b3, c3, d3, to + 3 * width, 4 * width);
    }

    // Four lanes: the 128-bit part q of result i holds their words 4 q + i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnFour<TWords, T>(TWords words, T* source, long laneStride, int lane, out Vector512<uint> t0,
        out Vector512<uint> t1, out Vector512<uint> t2, out Vector512<uint> t3)
        where TWords : struct, IWords<T> where T : unmanaged
    {
        var (r0, r1) = (words.Along(source, lane), words.Along(source + laneStride, lane + 1));
        var (r2, r3) = (words.Along(source + 2 * laneStride, lane + 2), words.Along(source + 3 * laneStride, lane + 3));
        var (low02, high02) = (Avx512F.UnpackLow(r0, r2), Avx512F.UnpackHigh(r0, r2));
        var (low13, high13) = (Avx512F.UnpackLow(r1, r3), Avx512F.UnpackHigh(r1, r3));
        (t0, t1) = (Avx512F.UnpackLow(low02, low13), Avx512F.UnpackHigh(low02, low13));
        (t2, t3) = (Avx512F.UnpackLow(high02, high13), Avx512F.UnpackHigh(high02, high13));
    }

    // The four 128-bit parts of each side by side: row q of the output takes part q of a, b, c and d.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void JoinFour(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, uint* to, long stride)
    {
        var (ab02, ab13) = (Avx512F.Shuffle4x128(a, b, 0b10_00_10_00), Avx512F.Shuffle4x128(a, b, 0b11_01_11_01));
        var (cd02, cd13) = (Avx512F.Shuffle4x128(c, d, 0b10_00_10_00), Avx512F.Shuffle4x128(c, d, 0b11_01_11_01));
        Avx512F.Shuffle4x128(ab02, cd02, 0b10_00_10_00).Store(to);
        Avx512F.Shuffle4x128(ab13, cd13, 0b10_00_10_00).Store(to + stride);
        Avx512F.Shuffle4x128(ab02, cd02, 0b11_01_11_01).Store(to + 2 * stride);
        Avx512F.Shuffle4x128(ab13, cd13, 0b11_01_11_01).Store(to + 3 * stride);
    }

    // Fewer than 16 lanes: each is made alone and its words dealt out.
    private static void TurnPart<TWords, T>(TWords words, T* source, long laneStride, int lane, int lanes, uint* to, long width)
        where TWords : struct, IWords<T> where T : unmanaged
    {
        var row = stackalloc uint[16];
        for (var i = 0; i < lanes; i++)
        {
            words.Along(source + i * laneStride, lane + i).Store(row);
            for (var k = 0; k < 16; k++) to[k * width + i] = row[k];
        }
    }
}
