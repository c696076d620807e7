using Multihead.Kernels.Activations;
using Multihead.Kernels.Optimizers;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Tests.Kernels.Activations;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Operators that work on each element, or on whole rows of a table.</summary>
internal static unsafe class OnnxElementChecks
{
    public static void Relu(OnnxFixture fixture) =>
        OnnxBench.AssertClose(fixture.Outputs[0].Values, Activated<Relu>(fixture.Inputs[0].Floats), 0);

    /// <summary>silu(x) = x sigmoid(x).</summary>
    public static void SigmoidFromSilu(OnnxFixture fixture)
    {
        var x = fixture.Inputs[0].Floats;
        var y = Activated<Silu>(x);
        for (var i = 0; i < x.Length; i++) y[i] = x[i] == 0 ? 0.5f : y[i] / x[i];
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y);
    }

    /// <summary>gelu(x) = x (1 + erf(x / sqrt(2))) / 2.</summary>
    public static void ErfFromGelu(OnnxFixture fixture)
    {
        var x = fixture.Inputs[0].Values;
        float[] scaled = [.. x.Select(v => (float)(v * Math.Sqrt(2)))];
        var y = Activated<Gelu>(scaled);
        for (var i = 0; i < y.Length; i++) y[i] = scaled[i] == 0 ? 0 : 2 * y[i] / scaled[i] - 1;
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y);
    }

    /// <summary>Outside learning, and at a rate of 0, what goes in comes out and every element of the mask is set.</summary>
    public static void DropoutThatDropsNothing(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        var learning = fixture.Inputs.Count > 2 && fixture.Inputs[2].Values[0] != 0;
        bench.Workspace.BeginStep(learning ? 1 : null);
        var rate = fixture.Inputs.Count > 1 ? fixture.Inputs[1].Floats[0] : fixture.Number("ratio", 0.5f);
        var y = DropOut.Apply(bench.Workspace, bench.Tensor(fixture.Inputs[0].Floats, 1, fixture.Inputs[0].Count), rate);
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y.Span, 0);
        if (fixture.Outputs.Count > 1) Assert.All(fixture.Outputs[1].Values, kept => Assert.Equal(1, kept));
    }

    /// <summary>A table whose rows are what the axis counts; indices below zero count from its end.</summary>
    public static void Gather(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        var (data, indices, axis) = (fixture.Inputs[0], fixture.Inputs[1].Ints, fixture.Integer("axis", 0));
        var (outer, count, inner) = (data.Size(..axis), data.Shape[axis], data.Size((axis + 1)..));
        var table = new float[data.Count];
        for (var i = 0; i < table.Length; i++)
            table[i / inner % count * outer * inner + i / (inner * count) * inner + i % inner] = (float)data.Values[i];
        var y = Embedding.Apply(bench.Workspace, bench.Weight(table, count, outer * inner),
            [.. indices.Select(i => i < 0 ? i + count : i)], 1, default(Weight), []);
        var expected = fixture.Outputs[0].Values;
        Assert.Equal(expected.Length, y.Count);
        for (var o = 0; o < outer; o++)
            for (var t = 0; t < indices.Length; t++)
                for (var i = 0; i < inner; i++)
                    Assert.Equal(expected[(o * indices.Length + t) * inner + i], y.Row(t)[o * inner + i]);
    }

    /// <summary>Without bias correction, which theirs leaves out at step 0 and ours after very many; with the weights' share of
    /// their gradient (L2) added before. Where a fixture does not say its epsilon, it was computed with 0.01, whatever the
    /// operator's default.</summary>
    public static void Adam(OnnxFixture fixture)
    {
        Assert.Equal(0, fixture.Inputs[1].Values[0]);
        using var bench = new OnnxBench();
        var count = (fixture.Inputs.Count - 2) / 4;
        for (var i = 0; i < count; i++)
        {
            Tensor x = Take(i), g = Take(count + i), m = Take(2 * count + i), v = Take(3 * count + i);
            var decay = bench.Tensor(x.Span.ToArray(), 1, x.Columns);
            VectorScale.Scale(bench.Team, decay.Data, decay.Data, decay.Count, fixture.Number("norm_coefficient", 0));
            VectorAdd.Accumulate(bench.Team, decay.Data, g.Data, g.Count);
            Multihead.Kernels.Optimizers.Adam.Step(bench.Team, x.Data, g.Data, m.Data, v.Data, null, x.Count, new AdamStep
            {
                LearningRate = fixture.Inputs[0].Floats[0],
                Beta1 = fixture.Number("alpha", 0.9f),
                Beta2 = fixture.Number("beta", 0.999f),
                Epsilon = fixture.Number("epsilon", 0.01f),
                WeightDecay = 0,
                GradientScale = 1,
                Step = 1_000_000,
            });
            OnnxBench.AssertClose(fixture.Outputs[i].Values, x.Span);
            OnnxBench.AssertClose(fixture.Outputs[count + i].Values, m.Span);
            OnnxBench.AssertClose(fixture.Outputs[2 * count + i].Values, v.Span);
        }

        Tensor Take(int input) => bench.Tensor(fixture.Inputs[2 + input].Floats, 1, fixture.Inputs[2 + input].Count);
    }

    private static float[] Activated<TActivation>(float[] x) where TActivation : unmanaged, IActivation
    {
        using var bench = new OnnxBench();
        var y = bench.Tensor(x, 1, x.Length);
        FlatLoop.Run(bench.Team, new ActivationSteps.Forward<TActivation>(y.Data, y.Data), y.Count);
        return y.Span.ToArray();
    }
}
