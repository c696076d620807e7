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
}
