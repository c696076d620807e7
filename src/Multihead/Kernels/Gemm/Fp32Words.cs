using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>A word is one float.</summary>
internal readonly unsafe struct Fp32Words : IWords<float>
{
    public static int Elements => 1;

    public uint Word(float* source, long depthStride, int lane, int count) => *(uint*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Along(float* source, int lane) => Vector512.Load(source).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Across(float* source, long depthStride, int lane, int count) =>
        Simd512.LoadPart(source, count).AsUInt32();
}
