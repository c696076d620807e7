using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Activations;

/// <summary>max(x, 0); the derivative at 0 is 0.</summary>
internal readonly struct Relu : IActivation
{
    public static bool OutputTellsDerivative => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.Select(TSimd.LessThan(x, TSimd.Zero), TSimd.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var notPositive = TSimd.Select(TSimd.LessThanOrEqual(x, TSimd.Zero), TSimd.Zero, x);
        return TSimd.Select(TSimd.LessThan(TSimd.Zero, x), TSimd.Create(1f), notPositive);
    }
}
