using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Multihead.Kernels.Gemm;

/// <summary>Packs a matrix into panels: a few rows of A, or a few columns of B ("lanes"), interleaved so that the microkernel
/// reads memory straight on: [panel, words, width], lanes beyond the matrix filled with zeros.</summary>
internal static unsafe class Panels
{
    /// <summary>Words after each panel that may be written where vectors reach beyond a step's lanes.</summary>
    public const int Gap = 16;

    /// <summary>Panels that <paramref name="lanes"/> lanes need.</summary>
    public static int Count(int lanes, int width) => (lanes + width - 1) / width;

    /// <summary>Packs the panels of some lanes.</summary>
    /// <param name="format">The format of the words.</param>
    /// <param name="lanes">[lanes, depth]: 1 lane or more; fp32, or bf16 for words of bf16.</param>
    /// <param name="width">Lanes of a panel.</param>
    /// <param name="destination">Panel after panel.</param>
    /// <param name="panelStride">Words from a panel to the next: words(depth) * width, and <see cref="Gap"/> more where the width
    /// is not that of whole vectors.</param>
    public static void Pack(ProductFormat format, in Matrix lanes, int width, float* destination, long panelStride)
    {
        var to = (uint*)destination;
        var (count, depth) = (lanes.Rows, lanes.Columns);
        if (format == ProductFormat.Fp32)
            Pack(default(Fp32Words), lanes.Data, lanes.RowStride, lanes.ColumnStride, count, depth, width, to, panelStride);
        else if (lanes.Format == ProductFormat.Fp32)
            Pack(default(Bf16Words), lanes.Data, lanes.RowStride, lanes.ColumnStride, count, depth, width, to, panelStride);
        else Pack(default(Bf16Pairs), lanes.Halves, lanes.RowStride, lanes.ColumnStride, count, depth, width, to, panelStride);
    }

    /// <summary>The same for panels of whole vectors, one after another without gaps.</summary>
    public static void Pack(ProductFormat format, in Matrix lanes, int width, float* destination)
    {
        Debug.Assert(width % 16 == 0 || !Vector512.IsHardwareAccelerated);
        Pack(format, lanes, width, destination, (long)format.Words(lanes.Columns) * width);
    }

    // The element k of a lane is source[lane * laneStride + k * depthStride].
    private static void Pack<TWords, T>(TWords words, T* source, long laneStride, long depthStride, int lanes, int depth,
        int width, uint* destination, long panelStride) where TWords : struct, IWords<T> where T : unmanaged
    {
        if (lanes % width != 0)
        {
            var padded = (depth + TWords.Elements - 1) / TWords.Elements;
            new Span<uint>(destination + lanes / width * panelStride, checked(padded * width)).Clear();
        }
        if (laneStride == 1 && Vector512.IsHardwareAccelerated)
            PackAcross.Pack(words, source, depthStride, lanes, depth, width, destination, panelStride);
        else
            for (var lane = 0; lane < lanes; lane += width)
            {
                var count = Math.Min(width, lanes - lane);
                var from = source + lane * laneStride;
                var to = destination + lane / width * panelStride;
                if (depthStride == 1 && Vector512.IsHardwareAccelerated)
                    PackAlong.Pack(words, from, laneStride, lane, count, depth, width, to);
                else Gather(words, from, laneStride, depthStride, lane, count, 0, depth, width, to);
            }
    }

    /// <summary>Packs the words from the element <paramref name="first"/> on one by one.</summary>
    public static void Gather<TWords, T>(TWords words, T* source, long laneStride, long depthStride, int firstLane, int lanes,
        int first, int depth, int width, uint* destination) where TWords : struct, IWords<T> where T : unmanaged
    {
        for (var k = first; k < depth; k += TWords.Elements)
            for (var lane = 0; lane < lanes; lane++)
                destination[(long)(k / TWords.Elements) * width + lane] = words.Word(source + lane * laneStride + k * depthStride,
                    depthStride, firstLane + lane, Math.Min(TWords.Elements, depth - k));
    }
}
