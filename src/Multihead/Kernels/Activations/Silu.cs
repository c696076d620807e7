using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Activations;

/// <summary>x / (1 + e^-x), also called swish. Sigmoid-Weighted Linear Units, https://arxiv.org/abs/1702.03118. Relative
/// error at most 5e-7 where the result is a normal float; zero below about -87.</summary>
internal readonly struct Silu : IActivation
{
    public static bool OutputTellsDerivative => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var sigmoid = VectorMath.Sigmoid<TSimd, V>(x, out _);
        // The sigmoid is zero far down; minus infinity times it would be NaN.
        return TSimd.Select(TSimd.LessThan(TSimd.Zero, sigmoid), TSimd.Multiply(x, sigmoid), sigmoid);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var sigmoid = VectorMath.Sigmoid<TSimd, V>(x, out var slope);
        var product = TSimd.Select(TSimd.LessThan(TSimd.Zero, slope), TSimd.Multiply(x, slope), slope);
        return TSimd.Add(sigmoid, product);
    }
}
