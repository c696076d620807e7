using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>A word is two bf16, which stand in memory as bf16: words along memory are there already.</summary>
internal readonly unsafe struct Bf16Pairs : IWords<ushort>
{
    public static int Elements => 2;

    public uint Word(ushort* source, long depthStride, int lane, int count) =>
        *source | (count > 1 ? (uint)source[depthStride] << 16 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Along(ushort* source, int lane) => Vector512.Load((uint*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Across(ushort* source, long depthStride, int lane, int count) =>
        Widened(source, count) | (Widened(source + depthStride, count) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Widened(ushort* source, int count)
    {
        if (count == 16) return Avx512F.ConvertToVector512UInt32(Vector256.Load(source));
        var exist = Vector256.LessThan(Vector256<ushort>.Indices, Vector256.Create((ushort)count));
        return Avx512F.ConvertToVector512UInt32(Avx512BW.VL.MaskLoad(source, exist, Vector256<ushort>.Zero));
    }
}
