using System.Runtime.CompilerServices;

namespace Multihead.Kernels.Simd;

/// <summary>Functions of a vector, lane by lane: a lane's bits depend on its input alone.</summary>
internal static class VectorMath
{
    // exp leaves the normal floats below ln(2^-126) and the finite ones above ln(largest float).
    private const float SmallestExponent = -87.33654f;
    private const float LargestExponent = 88.72283f;

    /// <summary>e^x with an error below 2 ulp (1.02 seen) where the result is a normal float, about -87.3..88.7; zero below,
    /// infinity above, NaN for NaN. e^x = 2^n e^r with n = round(x / ln 2); a minimax polynomial (Remez, relative error 3e-9)
    /// gives e^r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits, ready to be moved into an exponent.
        var rounding = TSimd.Create(12582912f);
        var shifted = TSimd.MultiplyAdd(x, TSimd.Create(1.44269504f), rounding);
        var n = TSimd.Subtract(shifted, rounding);
        // ln 2 in two pieces; the first has so few bits that its product with n is exact.
        var r = TSimd.MultiplyAdd(n, TSimd.Create(-0.693359375f), x);
        r = TSimd.MultiplyAdd(n, TSimd.Create(2.12194440e-4f), r);
        var q = TSimd.MultiplyAdd(TSimd.Create(0.00138144672f), r, TSimd.Create(0.00836878084f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.0416683927f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.166665196f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.49999994f));
        var power = TSimd.Add(TSimd.MultiplyAdd(TSimd.Multiply(r, r), q, r), TSimd.Create(1f));
        var scaled = TSimd.AddInt32(power, TSimd.ShiftLeftInt32(shifted, 23));
        // Beyond the range the integer steps above mean nothing: infinity times x is infinity or, for NaN, NaN.
        var upper = TSimd.Select(TSimd.LessThanOrEqual(x, TSimd.Create(LargestExponent)), scaled,
            TSimd.Multiply(x, TSimd.Create(float.PositiveInfinity)));
        return TSimd.Select(TSimd.LessThan(x, TSimd.Create(SmallestExponent)), TSimd.Zero, upper);
    }

    /// <summary>2^x for x at most 127, with an error below 2 ulp where the result is a normal float, x at least -126; zero below,
    /// NaN for NaN. The polynomial is that of Cephes' exp2f; 2^0 is 1 exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var r = Fraction<TSimd, V>(x, out var shifted);
        var p = TSimd.MultiplyAdd(TSimd.Create(1.535336188319500e-4f), r, TSimd.Create(1.339887440266574e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(9.618437357674640e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(5.550332471162809e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(2.402264791363012e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(6.931472028550421e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(1f));
        return Raise<TSimd, V>(x, p, shifted);
    }

    /// <summary>The same with a relative error below 1.1e-4, for what is next rounded to bf16, which costs up to 2e-3. A minimax
    /// polynomial of our own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2Coarse<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct
    {
        var r = Fraction<TSimd, V>(x, out var shifted);
        var p = TSimd.MultiplyAdd(TSimd.Create(0.0549777038f), r, TSimd.Create(0.242202565f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.693285346f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(1f));
        return Raise<TSimd, V>(x, p, shifted);
    }

    // x less the nearest integer, which is left in the low bits of shifted, ready to be moved into an exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fraction<TSimd, V>(V x, out V shifted) where TSimd : struct, ISimd<V> where V : struct
    {
        var rounding = TSimd.Create(12582912f + 127);
        shifted = TSimd.Add(x, rounding);
        return TSimd.Subtract(x, TSimd.Subtract(shifted, rounding));
    }

    // The power of two is multiplied in, which leaves a NaN one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Raise<TSimd, V>(V x, V power, V shifted) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.Select(TSimd.LessThan(x, TSimd.Create(-126f)), TSimd.Zero,
            TSimd.Multiply(power, TSimd.ShiftLeftInt32(shifted, 23)));

    /// <summary>The logistic function 1 / (1 + e^-x) and its slope, from e^-|x|, so that neither overflows nor cancels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<TSimd, V>(V x, out V slope) where TSimd : struct, ISimd<V> where V : struct
    {
        var negative = TSimd.LessThan(x, TSimd.Zero);
        var e = Exp<TSimd, V>(TSimd.Select(negative, x, TSimd.Subtract(TSimd.Zero, x)));
        var r = TSimd.Divide(TSimd.Create(1f), TSimd.Add(TSimd.Create(1f), e));
        var small = TSimd.Multiply(e, r);
        slope = TSimd.Multiply(small, r);
        return TSimd.Select(negative, small, r);
    }

    /// <summary>The standard normal distribution: P(X &lt;= x) = (1 + erf(x / sqrt 2)) / 2, and its density. The tail beyond
    /// t = |x| is e^(-t^2/2) times a polynomial in 1 / (1 + 0.3 t) (the form of Abramowitz and Stegun 7.1.26 with a minimax fit
    /// of our own, relative error 1.2e-7), so that small probabilities keep their digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Normal<TSimd, V>(V x, out V density) where TSimd : struct, ISimd<V> where V : struct
    {
        var negative = TSimd.LessThan(x, TSimd.Zero);
        var t = TSimd.Select(negative, TSimd.Subtract(TSimd.Zero, x), x);
        var e = Exp<TSimd, V>(TSimd.Multiply(TSimd.Multiply(t, TSimd.Create(-0.5f)), t));
        density = TSimd.Multiply(e, TSimd.Create(0.398942280f));
        var u = TSimd.Divide(TSimd.Create(1f), TSimd.MultiplyAdd(t, TSimd.Create(0.3f), TSimd.Create(1f)));
        var p = TSimd.MultiplyAdd(TSimd.Create(0.0360362008f), u, TSimd.Create(-0.158713222f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Create(0.208963975f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Create(-0.056095358f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Create(0.129843161f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Create(0.0995231345f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Create(0.120816879f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Create(0.119625166f));
        var tail = TSimd.Multiply(TSimd.Multiply(p, u), e);
        return TSimd.Select(negative, tail, TSimd.Subtract(TSimd.Create(1f), tail));
    }
}
