using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>Turns rows whose elements are neighbours in memory into rows of words.</summary>
internal static unsafe class PackRows
{
    private const int RowsAhead = 3; // prefetched: the processor sees no stream where a short piece of a row ends

    /// <summary>The words of a row begin at destination + row * stride.</summary>
    public static void Pack<TWords, T>(TWords words, T* source, long rowStride, int rows, int depth, uint* destination,
        int stride) where TWords : struct, IWords<T> where T : unmanaged
    {
        for (var row = 0; row < rows; row++, source += rowStride, destination += stride)
        {
            var k = 0;
            for (; k + 16 * TWords.Elements <= depth; k += 16 * TWords.Elements)
            {
                for (var next = 0; next < 16 * TWords.Elements; next += 64 / sizeof(T))
                    Sse.Prefetch0(source + RowsAhead * rowStride + k + next);
                words.Along(source + k, row).Store(destination + k / TWords.Elements);
            }
            for (; k < depth; k += TWords.Elements)
                destination[k / TWords.Elements] = words.Word(source + k, 1, row, Math.Min(TWords.Elements, depth - k));
        }
    }
}
