using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>Packs panels of a matrix whose lanes are neighbours in memory: a row of depth is read straight on and dealt out to the
/// panels. Where a panel is narrower than a vector, what a step writes beyond its lanes is the next step's to write over.</summary>
internal static unsafe class PackAcross
{
    private const int Vector = 16;
    private const int RowsAhead = 8; // prefetched: rows may lie so far apart that the processor does not see a stream

    public static void Pack<TWords, T>(TWords words, T* source, long depthStride, int lanes, int depth, int width,
        uint* destination, long panelStride) where TWords : struct, IWords<T> where T : unmanaged
    {
        var whole = depth / TWords.Elements * TWords.Elements;
        for (var k = 0; k < whole; k += TWords.Elements)
        {
            var row = source + k * depthStride;
            for (var element = 0; element < TWords.Elements; element++)
                Prefetch(row + (RowsAhead + element) * depthStride, lanes);
            var to = destination + (long)(k / TWords.Elements) * width;
            for (var lane = 0; lane < lanes; lane += width, to += panelStride)
                for (var i = 0; i < width; i += Vector)
                    words.Across(row + lane + i, depthStride, lane + i, Math.Clamp(lanes - lane - i, 0, Vector)).Store(to + i);
        }
        for (var lane = 0; lane < lanes && whole < depth; lane += width)
            Panels.Gather(words, source + lane, 1, depthStride, lane, Math.Min(width, lanes - lane), whole, depth, width,
                destination + lane / width * panelStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(T* row, int lanes) where T : unmanaged
    {
        if (Sse.IsSupported)
            for (var lane = 0; lane < lanes; lane += 64 / sizeof(T)) Sse.Prefetch0(row + lane);
    }
}
