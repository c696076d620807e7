using Multihead.Kernels.Losses;
using Multihead.Kernels.Norms;
using Multihead.Kernels.Selection;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Operators that work along one axis, or over the last ones.</summary>
internal static unsafe class OnnxRowChecks
{
    public static void Softmax(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        var (x, axis) = (fixture.Inputs[0], fixture.Integer("axis", -1));
        var width = x.Shape[axis < 0 ? axis + x.Shape.Length : axis];
        var y = bench.Tensor([.. x.WithAxisLast(axis).Select(v => (float)v)], x.Count / width, width);
        Multihead.Kernels.Softmax.Softmax.Forward(bench.Team, y.Data, y.Data, y.Rows, width);
        OnnxBench.AssertClose(fixture.Outputs[0].WithAxisLast(axis), y.Span);
    }

    public static void LogSoftmax(OnnxFixture fixture)
    {
        var (x, axis) = (fixture.Inputs[0], fixture.Integer("axis", -1));
        var width = x.Shape[axis < 0 ? axis + x.Shape.Length : axis];
        var (ids, sorted) = Select(x.WithAxisLast(axis), width, width);
        var y = new float[x.Count];
        for (var i = 0; i < y.Length; i++) y[i / width * width + ids[i]] = sorted[i];
        OnnxBench.AssertClose(fixture.Outputs[0].WithAxisLast(axis), y);
    }

    // The values are those of the logits, ours their log-probabilities: the same up to one number a row.
    public static void TopK(OnnxFixture fixture)
    {
        var (x, axis, k) = (fixture.Inputs[0], fixture.Integer("axis", -1), fixture.Inputs[1].Ints[0]);
        var (ids, values) = Select(x.WithAxisLast(axis), x.Shape[axis < 0 ? axis + x.Shape.Length : axis], k);
        var expected = fixture.Outputs[0].WithAxisLast(axis);
        Assert.Equal(fixture.Outputs[1].WithAxisLast(axis).Select(id => (int)id), ids);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i] - expected[i / k * k], values[i] - values[i / k * k], 1e-5);
    }

    public static void LayerNormalization(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        var (x, axis, epsilon) = (fixture.Inputs[0], fixture.Integer("axis", -1), fixture.Number("epsilon", 1e-5f));
        var rows = x.Size(..(axis < 0 ? axis + x.Shape.Length : axis));
        var width = x.Count / rows;
        var input = bench.Tensor(x.Floats, rows, width);
        var (gain, bias) = (bench.Weight(fixture.Inputs[1].Floats, 1, width), bench.Weight(fixture.Inputs[2].Floats, 1, width));
        var y = Multihead.Tensors.Operations.LayerNormalization.Apply(bench.Workspace, input, gain, bias, epsilon);
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y.Span, 1e-5); // magnified by a small deviation here and there
        var (mean, inverse) = (bench.Tensor(new float[rows], 1, rows), bench.Tensor(new float[rows], 1, rows));
        LayerNorm.Forward(bench.Team, input.Data, gain.Tensor.Data, bias.Tensor.Data, y.Data, mean.Data, inverse.Data, rows,
            width, epsilon);
        OnnxBench.AssertClose(fixture.Outputs[1].Values, mean.Span);
        OnnxBench.AssertClose(fixture.Outputs[2].Values, inverse.Span);
    }

    // Classes stand on axis 1. Where the fixture has log-probabilities, they are held against our gradient, p - [target].
    public static void CrossEntropy(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        var (x, targets) = (fixture.Inputs[0], fixture.Inputs[1].Ints);
        var ignored = fixture.Integer("ignore_index", int.MinValue);
        var (rows, width) = (targets.Length, x.Shape[1]);
        var logits = bench.Tensor([.. x.WithAxisLast(1).Select(v => (float)v)], rows, width);
        var (loss, nll) = (bench.Tensor(new float[rows], 1, rows), bench.Tensor(new float[rows], 1, rows));
        CrossEntropyRows.Forward(bench.Team, logits.Data, bench.Workspace.Keep<int>(targets), loss.Data, nll.Data, rows, width,
            smoothing: 0, gradientScale: 1, ignored);
        Assert.Equal(nll.Span, loss.Span);
        var sum = loss.Span.ToArray().Sum(v => (double)v);
        float[] reduced = fixture.Text("reduction") switch
        {
            "none" => loss.Span.ToArray(),
            "sum" => [(float)sum],
            _ => [(float)(sum / targets.Count(t => t != ignored))],
        };
        OnnxBench.AssertClose(fixture.Outputs[0].Values, reduced);
        if (fixture.Outputs.Count == 1) return;
        var expected = fixture.Outputs[1].WithAxisLast(1);
        for (var i = 0; i < expected.Length; i++)
        {
            if (targets[i / width] == ignored) Assert.Equal(0, logits.Data[i]);
            else Assert.Equal(Math.Exp(expected[i]) - (targets[i / width] == i % width ? 1 : 0), logits.Data[i], 1e-6);
        }
    }

    private static (int[] Ids, float[] Values) Select(double[] x, int width, int k)
    {
        using var bench = new OnnxBench();
        var rows = x.Length / width;
        var logits = bench.Tensor([.. x.Select(v => (float)v)], rows, width);
        var ids = bench.Workspace.Arena.Take<int>(rows * k);
        var values = bench.Workspace.Arena.Take<float>(rows * k);
        TopLogProbabilities.Select(bench.Team, logits.Data, rows, width, k, ids, values);
        return (new Span<int>(ids, rows * k).ToArray(), new Span<float>(values, rows * k).ToArray());
    }
}
