using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Activations;

/// <summary>x P(X &lt;= x) for a standard normal X: the exact form with erf. Gaussian Error Linear Units,
/// https://arxiv.org/abs/1606.08415. Error at most 3e-7 max(1, |x|), 1.2e-7 seen; zero below -14, where the true value has
/// left the normal floats.</summary>
internal readonly struct Gelu : IActivation
{
    private const float Vanishes = 14f;

    public static bool OutputTellsDerivative => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var product = TSimd.Multiply(x, VectorMath.Normal<TSimd, V>(x, out _));
        return TSimd.Select(TSimd.LessThan(x, TSimd.Create(-Vanishes)), TSimd.Zero, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var probability = VectorMath.Normal<TSimd, V>(x, out var density);
        var product = TSimd.Multiply(x, density);
        // The density is zero far out; infinity times it would be NaN.
        product = TSimd.Select(TSimd.LessThan(TSimd.Zero, density), product, density);
        return TSimd.Add(probability, product);
    }
}
