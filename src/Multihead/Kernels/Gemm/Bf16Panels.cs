using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>Packs a matrix into panels of bf16: a word holds two elements of successive depth, the first in its low half, as
/// vdpbf16ps takes them: [panel, words, width]. Rounds to nearest even; NaN stays NaN.</summary>
internal static unsafe class Bf16Panels
{
    /// <summary>Packs one panel: the halves of destination[word * width + lane] are source[lane * laneStride + k * depthStride] for
    /// k = 2 word and 2 word + 1, zero where there is no such element.</summary>
    public static void Pack(float* source, long laneStride, long depthStride, int lanes, int depth, int width, uint* destination)
    {
        Debug.Assert(lanes <= width && lanes > 0);
        if (lanes < width) new Span<uint>(destination, checked(width * ((depth + 1) / 2))).Clear();
        if (laneStride == 1) PackRows(source, depthStride, lanes, depth, width, destination);
        else if (depthStride == 1) Transpose(source, laneStride, lanes, depth, width, destination);
        else Gather(source, laneStride, depthStride, 0, lanes, 0, depth, width, destination);
    }

    /// <summary>The bf16 nearest to a float, ties to even, as its 16 bits.</summary>
    public static uint Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    }

    // Lanes are neighbours in memory: two rows of depth make one row of words.
    private static void PackRows(float* source, long depthStride, int lanes, int depth, int width, uint* destination)
    {
        for (var k = 0; k + 1 < depth; k += 2, source += 2 * depthStride, destination += width)
        {
            float* even = source, odd = source + depthStride;
            var lane = 0;
            for (; lane + 16 <= lanes; lane += 16)
                Words(Vector512.Load(even + lane), Vector512.Load(odd + lane)).Store(destination + lane);
            for (; lane + 4 <= lanes; lane += 4)
                Words(Vector128.Load(even + lane), Vector128.Load(odd + lane)).Store(destination + lane);
            for (; lane < lanes; lane++) destination[lane] = Round(even[lane]) | (Round(odd[lane]) << 16);
        }
        if (depth % 2 != 0)
            for (var lane = 0; lane < lanes; lane++) destination[lane] = Round(source[lane]);
    }

    // Depth runs along memory: 4 lanes x 8 elements are rounded, joined in pairs and turned in registers.
    private static void Transpose(float* source, long laneStride, int lanes, int depth, int width, uint* destination)
    {
        var (wholeLanes, wholeDepth) = (lanes & ~3, depth & ~7);
        for (var lane = 0; lane < wholeLanes; lane += 4)
        {
            var from = source + lane * laneStride;
            var to = destination + lane;
            for (var k = 0; k < wholeDepth; k += 8, to += 4 * width)
            {
                var (r0, r1) = (Pairs(from + k), Pairs(from + laneStride + k));
                var (r2, r3) = (Pairs(from + 2 * laneStride + k), Pairs(from + 3 * laneStride + k));
                var (t0, t1) = (Sse2.UnpackLow(r0, r2), Sse2.UnpackHigh(r0, r2));
                var (t2, t3) = (Sse2.UnpackLow(r1, r3), Sse2.UnpackHigh(r1, r3));
                Sse2.UnpackLow(t0, t2).Store(to);
                Sse2.UnpackHigh(t0, t2).Store(to + width);
                Sse2.UnpackLow(t1, t3).Store(to + 2 * width);
                Sse2.UnpackHigh(t1, t3).Store(to + 3 * width);
            }
        }
        Gather(source, laneStride, 1, 0, wholeLanes, wholeDepth, depth, width, destination);
        Gather(source, laneStride, 1, wholeLanes, lanes, 0, depth, width, destination);
    }

    private static void Gather(float* source, long laneStride, long depthStride, int firstLane, int lastLane, int firstDepth,
        int lastDepth, int width, uint* destination)
    {
        for (var lane = firstLane; lane < lastLane; lane++)
        {
            for (var k = firstDepth; k < lastDepth; k += 2)
            {
                var word = Round(source[lane * laneStride + k * depthStride]);
                if (k + 1 < lastDepth) word |= Round(source[lane * laneStride + (k + 1) * depthStride]) << 16;
                destination[(long)(k / 2) * width + lane] = word;
            }
        }
    }

    // Eight successive elements as four words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Pairs(float* source)
    {
        var rounded = Rounded(Vector256.Load(source)) >>> 16;
        return Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Words(Vector512<float> even, Vector512<float> odd)
    {
        var high = Vector512.Create(0xFFFF0000u);
        return (Rounded(even) >>> 16) | (Rounded(odd) & high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Words(Vector128<float> even, Vector128<float> odd) =>
        (Rounded(even) >>> 16) | (Rounded(odd) & Vector128.Create(0xFFFF0000u));

    // The bf16 in the high half; the low half holds nothing of use.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512.Create(1u));
        return Vector512.ConditionalSelect(Vector512.IsNaN(value).AsUInt32(), bits | Vector512.Create(0x400000u), rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rounded(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256.Create(1u));
        return Vector256.ConditionalSelect(Vector256.IsNaN(value).AsUInt32(), bits | Vector256.Create(0x400000u), rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rounded(Vector128<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector128.Create(0x7FFFu) + ((bits >>> 16) & Vector128.Create(1u));
        return Vector128.ConditionalSelect(Vector128.IsNaN(value).AsUInt32(), bits | Vector128.Create(0x400000u), rounded);
    }
}
