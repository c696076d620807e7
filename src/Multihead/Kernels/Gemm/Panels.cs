using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>Packs a matrix into panels: a few rows of A, or a few columns of B ("lanes"), interleaved so that the microkernel
/// reads memory straight on: [panel, depth, width], lanes beyond the matrix filled with zeros.</summary>
internal static unsafe class Panels
{
    /// <summary>Panels that <paramref name="lanes"/> lanes need.</summary>
    public static int Count(int lanes, int width) => (lanes + width - 1) / width;

    /// <summary>Packs one panel in a format.</summary>
    public static void Pack(ProductFormat format, float* source, long laneStride, long depthStride, int lanes, int depth,
        int width, float* destination)
    {
        if (format == ProductFormat.Fp32) Pack(source, laneStride, depthStride, lanes, depth, width, destination);
        else Bf16Panels.Pack(source, laneStride, depthStride, lanes, depth, width, (uint*)destination);
    }

    /// <summary>Packs one panel: destination[k * width + lane] = source[lane * laneStride + k * depthStride].</summary>
    public static void Pack(float* source, long laneStride, long depthStride, int lanes, int depth, int width, float* destination)
    {
        Debug.Assert(lanes <= width && lanes > 0);
        if (lanes < width) new Span<float>(destination, checked(width * depth)).Clear();
        if (laneStride == 1) CopyLanes(source, depthStride, lanes, depth, width, destination);
        else if (depthStride == 1) Transpose(source, laneStride, lanes, depth, width, destination);
        else Gather(source, laneStride, depthStride, 0, lanes, 0, depth, width, destination);
    }

    // Lanes are neighbours in memory: every step of depth is one short copy.
    private static void CopyLanes(float* source, long depthStride, int lanes, int depth, int width, float* destination)
    {
        for (var k = 0; k < depth; k++, source += depthStride, destination += width)
        {
            if (lanes == 32)
            {
                Vector512.Load(source).Store(destination);
                Vector512.Load(source + 16).Store(destination + 16);
            }
            else if (lanes == 12)
            {
                Vector256.Load(source).Store(destination);
                Vector128.Load(source + 8).Store(destination + 8);
            }
            else new ReadOnlySpan<float>(source, lanes).CopyTo(new Span<float>(destination, lanes));
        }
    }

    // Depth runs along memory: 4 x 4 blocks turned in registers, what is left one by one.
    private static void Transpose(float* source, long laneStride, int lanes, int depth, int width, float* destination)
    {
        var (wholeLanes, wholeDepth) = (lanes & ~3, depth & ~3);
        for (var lane = 0; lane < wholeLanes; lane += 4)
        {
            var from = source + lane * laneStride;
            var to = destination + lane;
            for (var k = 0; k < wholeDepth; k += 4, to += 4 * width)
            {
                var (r0, r1) = (Vector128.Load(from + k), Vector128.Load(from + laneStride + k));
                var (r2, r3) = (Vector128.Load(from + 2 * laneStride + k), Vector128.Load(from + 3 * laneStride + k));
                var (t0, t1, t2, t3) = (ZipLow(r0, r2), ZipHigh(r0, r2), ZipLow(r1, r3), ZipHigh(r1, r3));
                ZipLow(t0, t2).Store(to);
                ZipHigh(t0, t2).Store(to + width);
                ZipLow(t1, t3).Store(to + 2 * width);
                ZipHigh(t1, t3).Store(to + 3 * width);
            }
        }
        Gather(source, laneStride, 1, 0, wholeLanes, wholeDepth, depth, width, destination);
        Gather(source, laneStride, 1, wholeLanes, lanes, 0, depth, width, destination);
    }

    private static void Gather(float* source, long laneStride, long depthStride, int firstLane, int lastLane, int firstDepth,
        int lastDepth, int width, float* destination)
    {
        for (var lane = firstLane; lane < lastLane; lane++)
            for (var k = firstDepth; k < lastDepth; k++)
                destination[(long)k * width + lane] = source[lane * laneStride + k * depthStride];
    }

    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
