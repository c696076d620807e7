using Multihead.Kernels.Gemm;
using Multihead.Kernels.Optimizers;

namespace Multihead.Tests.Kernels.Optimizers;

public unsafe class AdamTests
{
    private static AdamStep Numbers(int step) => new()
    {
        LearningRate = 1e-2f,
        Beta1 = 0.9f,
        Beta2 = 0.98f,
        Epsilon = 1e-9f,
        WeightDecay = 0.1f,
        GradientScale = 0.5f,
        Step = step,
    };

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void ThreeStepsAgreeWithTheReferenceAtEveryLength(int vector)
    {
        var random = new Random(12);
        for (var count = 0; count <= 257; count++)
        {
            using var weight = FloatBuffer.Random(random, count);
            using var m = new FloatBuffer(count, 2);
            using var v = new FloatBuffer(count, 3);
            double[] w = [.. weight.ToArray()], mean = new double[count], square = new double[count];
            for (var step = 1; step <= 3; step++)
            {
                using var gradient = FloatBuffer.Random(random, count);
                if (step == 3 && count > 5) gradient.Span[5] = 0;
                Widths.Flat(vector, new Adam.UpdateStep(weight, gradient, m, v, null, Numbers(step)), count);
                for (var i = 0; i < count; i++)
                {
                    var (b1, b2, rate, g) = (0.9, 0.98, 1e-2, 0.5 * gradient[i]);
                    mean[i] = b1 * mean[i] + (1 - b1) * g;
                    square[i] = b2 * square[i] + (1 - b2) * g * g;
                    var ratio = mean[i] / (1 - Math.Pow(b1, step)) / (Math.Sqrt(square[i] / (1 - Math.Pow(b2, step))) + 1e-9);
                    w[i] -= rate * (ratio + 0.1 * w[i]);
                }
            }
            Close.Assert(i => mean[i], m.Span, 1e-7, 2e-6, "m"); // 1 - 0.9f is not quite 0.1, by 2e-7
            Close.Assert(i => square[i], v.Span, 1e-8, 2e-6, "v");
            Close.Assert(i => w[i], weight.Span, 1e-6, 0, "weight");
        }
    }

    [Fact]
    public void AZeroGradientOnAFreshStateLeavesTheWeightToItsDecay()
    {
        using var weight = new FloatBuffer([2f]);
        using var state = new FloatBuffer(2);
        using var gradient = new FloatBuffer(1);
        Widths.Flat(512, new Adam.UpdateStep(weight, gradient, state, state.Pointer + 1, null, Numbers(1)), 1);
        Close.Assert(2 * (1 - 1e-3), weight[0], 0, 1e-7, "weight"); // fp32 rounding
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void NanAndInfinitySpoilTheirElementAlone(int vector)
    {
        using var weight = FloatBuffer.Random(new Random(13), 35);
        using var gradient = FloatBuffer.Random(new Random(14), 35);
        (gradient.Span[3], gradient.Span[34]) = (float.NaN, float.PositiveInfinity);
        using var m = new FloatBuffer(35);
        using var v = new FloatBuffer(35);
        Widths.Flat(vector, new Adam.UpdateStep(weight, gradient, m, v, null, Numbers(1)), 35);
        for (var i = 0; i < 35; i++) Assert.Equal(i is 3 or 34, float.IsNaN(weight[i]));
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void TheCopyIsTheNewWeightsRoundedToBf16AtEveryLength(int vector)
    {
        var random = new Random(16);
        var halves = stackalloc ushort[71];
        for (var count = 0; count <= 70; count++)
        {
            using var weight = FloatBuffer.Random(random, count);
            using var gradient = FloatBuffer.Random(random, count);
            using var state = new FloatBuffer(2 * count);
            if (count > 20) (gradient.Span[3], weight.Span[19]) = (float.NaN, float.PositiveInfinity);
            halves[count] = 7;
            Widths.Flat(vector, new Adam.UpdateStep(weight, gradient, state, state.Pointer + count, halves, Numbers(1)), count);
            for (var i = 0; i < count; i++) Assert.Equal(Bf16Words.Round(weight[i]), halves[i]);
            Assert.Equal(7, halves[count]);
        }
    }

    [Fact]
    public void ThreadsDoNotChangeBits() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int count = 150_001;
        var random = new Random(15);
        using var weight = FloatBuffer.Random(random, count);
        using var gradient = FloatBuffer.Random(random, count);
        using var m = new FloatBuffer(count);
        using var v = new FloatBuffer(count);
        for (var step = 1; step <= 3; step++) Adam.Step(team, weight, gradient, m, v, null, count, Numbers(step));
        return [.. weight.ToArray(), .. m.ToArray(), .. v.ToArray()];
    });
}
