using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Activations;

/// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2: the approximation of <see cref="Gelu"/> that GPT-2 and Gemma were
/// trained with, https://arxiv.org/abs/1606.08415, section 2. Computed as x sigmoid(2 z), which is the same.</summary>
internal readonly struct GeluTanh : IActivation
{
    private const float Twice = 1.5957691216f; // 2 sqrt(2 / pi)
    private const float Cubic = 0.044715f;

    public static bool OutputTellsDerivative => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var sigmoid = VectorMath.Sigmoid<TSimd, V>(Argument<TSimd, V>(x, out _), out _);
        // The sigmoid is zero far down; minus infinity times it would be NaN.
        return TSimd.Select(TSimd.LessThan(TSimd.Zero, sigmoid), TSimd.Multiply(x, sigmoid), sigmoid);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var sigmoid = VectorMath.Sigmoid<TSimd, V>(Argument<TSimd, V>(x, out var rise), out var slope);
        var product = TSimd.Multiply(TSimd.Multiply(x, slope), rise);
        product = TSimd.Select(TSimd.LessThan(TSimd.Zero, slope), product, slope);
        return TSimd.Add(sigmoid, product);
    }

    // 2 sqrt(2 / pi) (x + c x^3), and its derivative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Argument<TSimd, V>(V x, out V rise) where TSimd : struct, ISimd<V> where V : struct
    {
        V square = TSimd.Multiply(x, x), twice = TSimd.Create(Twice);
        rise = TSimd.MultiplyAdd(square, TSimd.Create(3 * Cubic * Twice), twice);
        return TSimd.Multiply(x, TSimd.MultiplyAdd(square, TSimd.Create(Cubic * Twice), twice));
    }
}
