using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>A word is two bf16, as vdpbf16ps takes them, rounded from floats to nearest even. NaN stays NaN, and what is too
/// small for a normal number keeps its bits, which vcvtne2ps2bf16 would not do.</summary>
internal readonly unsafe struct Bf16Words : IWords<float>
{
    public static int Elements => 2;

    /// <summary>The bf16 nearest to a float, ties to even, as its 16 bits.</summary>
    public static uint Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    }

    /// <summary>Rounds the first <paramref name="count"/> lanes (0..Count) and stores them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSimd, V>(V value, ushort* destination, int count) where TSimd : struct, ISimd<V> where V : struct
    {
        if (typeof(V) == typeof(Vector512<float>) && Avx512F.IsSupported && count == 16)
            Avx512F.ConvertToVector256UInt16(Rounded((Vector512<float>)(object)value) >>> 16).Store(destination);
        else StoreSome<TSimd, V>(value, destination, count);
    }

    // Apart, because a method with memory on the stack is not inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome<TSimd, V>(V value, ushort* destination, int count)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var lanes = stackalloc float[16];
        TSimd.StorePart(value, lanes, count);
        for (var i = 0; i < count; i++) destination[i] = (ushort)Round(lanes[i]);
    }

    public uint Word(float* source, long depthStride, int lane, int count) =>
        Round(*source) | (count > 1 ? Round(source[depthStride]) << 16 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Along(float* source, int lane)
    {
        Vector512<uint> low = Rounded(Vector512.Load(source)), high = Rounded(Vector512.Load(source + 16));
        return Avx512BW.PermuteVar32x16x2(low.AsUInt16(), Vector512.CreateSequence<ushort>(1, 2), high.AsUInt16()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Across(float* source, long depthStride, int lane, int count)
    {
        Vector512<float> even = Simd512.LoadPart(source, count), odd = Simd512.LoadPart(source + depthStride, count);
        return (Rounded(even) >>> 16) | (Rounded(odd) & Vector512.Create(0xFFFF0000u));
    }

    // The bf16 in the high half; the low half holds nothing of use.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> value)
    {
        const int quietNaN = 0x22; // for both classes of NaN: the NaN itself, quiet; for all others: what is there
        var bits = value.AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512.Create(1u));
        return Avx512F.Fixup(rounded.AsSingle(), value, Vector512.Create(quietNaN), 0).AsUInt32();
    }
}
