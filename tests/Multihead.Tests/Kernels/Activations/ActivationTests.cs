using Multihead.Kernels.Activations;

namespace Multihead.Tests.Kernels.Activations;

public unsafe class ActivationTests
{
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in new[] { "relu", "gelu", "silu" })
            foreach (var width in new[] { 512, 256, 128 }) cases.Add(name, width);
        return cases;
    }

    private static (Func<double, double> Value, Func<double, double> Slope) Reference(string name) => name switch
    {
        "relu" => (x => x > 0 ? x : double.IsNaN(x) ? x : 0, x => x > 0 ? 1 : double.IsNaN(x) ? x : 0),
        "gelu" => (x => double.IsNegativeInfinity(x) ? 0 : x * NormalReference.Probability(x),
            x => NormalReference.Probability(x) + (double.IsInfinity(x) ? 0 : x * NormalReference.Density(x))),
        _ => (x => double.IsNegativeInfinity(x) ? 0 : x / (1 + Math.Exp(-x)), SiluSlope),
    };

    private static double SiluSlope(double x)
    {
        if (double.IsInfinity(x)) return x > 0 ? 1 : 0;
        var sigmoid = 1 / (1 + Math.Exp(-x));
        return sigmoid + x * sigmoid * (1 - sigmoid);
    }

    private static void Forward(string name, int width, float* x, float* y, int count)
    {
        if (name == "relu") Widths.Flat(width, new ActivationSteps.Forward<Relu>(x, y), count);
        else if (name == "gelu") Widths.Flat(width, new ActivationSteps.Forward<Gelu>(x, y), count);
        else Widths.Flat(width, new ActivationSteps.Forward<Silu>(x, y), count);
    }

    private static void Backward(string name, int width, float* x, float* dy, float* dx, int count, bool add)
    {
        if (name == "relu") Widths.Flat(width, new ActivationSteps.Backward<Relu>(x, dy, dx, add), count);
        else if (name == "gelu") Widths.Flat(width, new ActivationSteps.Backward<Gelu>(x, dy, dx, add), count);
        else Widths.Flat(width, new ActivationSteps.Backward<Silu>(x, dy, dx, add), count);
    }

    [Theory, MemberData(nameof(Cases))]
    public void EveryLengthAgreesWithTheReference(string name, int width)
    {
        var random = new Random(1);
        var (value, slope) = Reference(name);
        for (var count = 0; count <= 257; count++)
        {
            using var x = FloatBuffer.Random(random, count, 8);
            using var y = new FloatBuffer(count, 3);
            Forward(name, width, x, y, count);
            Close.Assert(i => value(x[i]), y.Span, 1e-6, 0, $"forward of {count}"); // the stated errors, |x| up to 8
            using var dy = FloatBuffer.Random(random, count);
            using var dx = FloatBuffer.Random(random, count);
            var old = dx.ToArray();
            Backward(name, width, x, dy, dx, count, true);
            Close.Assert(i => old[i] + dy[i] * slope(x[i]), dx.Span, 3e-6, 0, $"accumulated backward of {count}");
            Backward(name, width, x, dy, dx, count, false);
            Close.Assert(i => dy[i] * slope(x[i]), dx.Span, 3e-6, 0, $"backward of {count}"); // |dy| up to 3
            Forward(name, width, x, x, count);
            Widths.AssertSameBits(y.Span, x.Span);
        }
    }

    // The bounds are those that Gelu and Silu state; a derivative is a sum of two such terms.
    [Theory, MemberData(nameof(Cases))]
    public void TheStatedErrorsHoldOverTheWholeRange(string name, int width)
    {
        var (value, slope) = Reference(name);
        const int count = 40_000;
        static float Place(int i) => 90 * (i / 20_000f - 1) * MathF.Abs(i / 20_000f - 1); // -90..90, closer together near zero
        using var x = new FloatBuffer(count);
        for (var i = 0; i < count; i++) x.Span[i] = Place(i);
        using var y = new FloatBuffer(count);
        Forward(name, width, x, y, count);
        var (absolute, relative) = name == "silu" ? (1.2e-38 * 90, 5e-7) : (0, 0);
        for (var i = 0; i < count; i++)
        {
            var allowed = name == "gelu" ? 3e-7 * Math.Max(1, Math.Abs(x[i])) : absolute;
            Close.Assert(value(x[i]), y[i], allowed, relative, $"at {x[i]:R}");
        }
        using var ones = new FloatBuffer(count);
        ones.Span.Fill(1);
        Backward(name, width, x, ones, y, count, false);
        Close.Assert(i => slope(x[i]), y.Span, 6e-7, 0, "derivative");
    }

    [Theory, MemberData(nameof(Cases))]
    public void NanStaysAndInfinitiesGiveLimits(string name, int width)
    {
        var (value, slope) = Reference(name);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e38f, -1e38f, 1e-40f, -1e-40f];
        for (var count = 1; count <= 40; count++)
        {
            using var x = new FloatBuffer(count);
            for (var i = 0; i < count; i++) x.Span[i] = special[(i * 7 + count) % special.Length];
            using var y = new FloatBuffer(count);
            Forward(name, width, x, y, count);
            Close.Assert(i => value(x[i]), y.Span, 1e-37, 1e-6, "forward");
            using var ones = new FloatBuffer(count);
            ones.Span.Fill(1);
            Backward(name, width, x, ones, y, count, false);
            Close.Assert(i => slope(x[i]), y.Span, 1e-37, 1e-6, "backward");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void AnElementDoesNotDependOnItsPlace(string name, int width)
    {
        foreach (var value in new[] { 0.3f, -1.7f, 4.1f })
        {
            using var x = new FloatBuffer(67);
            x.Span.Fill(value);
            using var y = new FloatBuffer(67);
            Forward(name, width, x, y, 67);
            Assert.All(y.ToArray(), element => Assert.Equal(y[0], element));
        }
    }
}
