using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>Soft-capped logits, cap * tanh(score / cap), as in Gemma 2 (https://arxiv.org/abs/2408.00118, section 2).</summary>
/// <param name="cap">Above 0.</param>
internal readonly struct CappedLogits(float cap) : ILogits
{
    private readonly float _cap = cap;

    public static bool AreScores => false;

    /// <remarks>tanh(x) = 1 - 2 / (1 + e^2x), whose error is that of a number near 1, which the cap scales: a few ulp of the cap.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<TSimd, V>(V scores, int head, int position, int key) where TSimd : struct, ISimd<V> where V : struct
    {
        var one = TSimd.Create(1);
        var e = VectorMath.Exp<TSimd, V>(TSimd.Multiply(scores, TSimd.Create(2 / _cap)));
        var tanh = TSimd.Subtract(one, TSimd.Divide(TSimd.Create(2), TSimd.Add(one, e)));
        return TSimd.Multiply(tanh, TSimd.Create(_cap));
    }

    /// <remarks>The slope of tanh is 1 - tanh^2.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<TSimd, V>(V logits, V gradient) where TSimd : struct, ISimd<V> where V : struct
    {
        var tanh = TSimd.Multiply(logits, TSimd.Create(1 / _cap));
        return TSimd.Subtract(gradient, TSimd.Multiply(gradient, TSimd.Multiply(tanh, tanh)));
    }
}
