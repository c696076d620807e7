using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Simd;

public unsafe class VectorMathTests
{
    private static float ExpOf<TSimd, V>(float x) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.MaxLane(VectorMath.Exp<TSimd, V>(TSimd.Create(x)));

    // Distance in units of the float that is nearest to the true value.
    private static double Ulps(float actual, double expected) =>
        Math.Abs(actual - expected) / (MathF.BitIncrement((float)Math.Abs(expected)) - (float)Math.Abs(expected));

    // Every stepth float of [low, high], low and high of one sign.
    private static IEnumerable<float> Floats(float low, float high, int step)
    {
        for (long bits = BitConverter.SingleToInt32Bits(low); bits <= BitConverter.SingleToInt32Bits(high); bits += step)
            yield return BitConverter.Int32BitsToSingle((int)bits);
    }

    [Fact]
    public void ExpIsWithinTwoUlpsOverItsRange()
    {
        var worst = 0.0;
        foreach (var x in Floats(1e-20f, 88.7f, 997).Concat(Floats(-1e-20f, -87.3f, 997)))
            worst = Math.Max(worst, Ulps(ExpOf<Simd512, Vector512<float>>(x), Math.Exp(x)));
        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst} ulp");
        Assert.InRange(worst, 0, 2);
    }

    [Theory]
    [InlineData(0f, 1f), InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity), InlineData(float.NegativeInfinity, 0f)]
    [InlineData(88.8f, float.PositiveInfinity), InlineData(1e30f, float.PositiveInfinity)]
    [InlineData(-87.4f, 0f), InlineData(-1e30f, 0f), InlineData(float.MinValue, 0f), InlineData(float.Epsilon, 1f)]
    public void ExpAtTheEdges(float x, float expected)
    {
        Assert.Equal(expected, ExpOf<Simd512, Vector512<float>>(x));
        Assert.Equal(expected, ExpOf<Simd256, Vector256<float>>(x));
        Assert.Equal(expected, ExpOf<Simd128, Vector128<float>>(x));
    }

    private static float Exp2Of<TSimd, V>(float x) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.MaxLane(VectorMath.Exp2<TSimd, V>(TSimd.Create(x)));

    [Fact]
    public void Exp2IsWithinTwoUlpsOverItsRange()
    {
        var worst = 0.0;
        foreach (var x in Floats(1e-20f, 127f, 997).Concat(Floats(-1e-20f, -126f, 997)))
            worst = Math.Max(worst, Ulps(Exp2Of<Simd512, Vector512<float>>(x), Math.Pow(2, x)));
        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst} ulp");
        Assert.InRange(worst, 0, 2);
    }

    [Theory]
    [InlineData(0f, 1f), InlineData(-1f, 0.5f), InlineData(7f, 128f), InlineData(float.NaN, float.NaN)]
    [InlineData(float.NegativeInfinity, 0f), InlineData(-126.1f, 0f), InlineData(-1e30f, 0f), InlineData(float.MinValue, 0f)]
    public void Exp2AtTheEdges(float x, float expected)
    {
        Assert.Equal(expected, Exp2Of<Simd512, Vector512<float>>(x));
        Assert.Equal(expected, Exp2Of<Simd256, Vector256<float>>(x));
        Assert.Equal(expected, Exp2Of<Simd128, Vector128<float>>(x));
    }

    private static float CoarseOf<TSimd, V>(float x) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.MaxLane(VectorMath.Exp2Coarse<TSimd, V>(TSimd.Create(x)));

    [Fact]
    public void CoarseExp2IsAsCloseAsItSays()
    {
        foreach (var x in Floats(1e-20f, 127f, 9973).Concat(Floats(-1e-20f, -126f, 9973)))
        {
            var exact = Math.Pow(2, x);
            Assert.InRange(CoarseOf<Simd512, Vector512<float>>(x), exact * (1 - 1.1e-4), exact * (1 + 1.1e-4));
        }
        foreach (var (x, expected) in new[] { (0f, 1f), (-1f, 0.5f), (float.NegativeInfinity, 0f), (-126.1f, 0f) })
            Assert.Equal(expected, CoarseOf<Simd512, Vector512<float>>(x));
    }

    [Fact]
    public void EveryNanStaysNan()
    {
        foreach (var bits in new[] { 0x7F800001u, 0x7FC00001u, 0x7FFFFFFFu, 0xFFC00001u, 0xFFFFFFFFu, 0x7FC000FFu })
        {
            Assert.Equal(float.NaN, ExpOf<Simd128, Vector128<float>>(BitConverter.UInt32BitsToSingle(bits)));
            Assert.Equal(float.NaN, Exp2Of<Simd128, Vector128<float>>(BitConverter.UInt32BitsToSingle(bits)));
            Assert.Equal(float.NaN, CoarseOf<Simd128, Vector128<float>>(BitConverter.UInt32BitsToSingle(bits)));
        }
    }
}
