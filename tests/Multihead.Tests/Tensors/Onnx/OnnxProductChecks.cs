using Multihead.Kernels.Gemm;
using Multihead.Kernels.Reductions;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Matrix products.</summary>
internal static unsafe class OnnxProductChecks
{
    /// <summary>alpha A B + beta C, where A and B may be transposed and C is repeated over what it lacks.</summary>
    public static void Gemm(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        Matrix a = Side(bench, fixture, 0, "transA"), b = Side(bench, fixture, 1, "transB");
        float alpha = fixture.Number("alpha", 1), beta = fixture.Number("beta", 1);
        var (rows, columns) = (a.Rows, b.Columns);
        var y = bench.Tensor(new float[rows * columns], rows, columns);
        var residual = bench.Tensor(fixture.Inputs.Count > 2 ? Repeated(fixture.Inputs[2], rows, columns) : new float[y.Count],
            rows, columns);
        VectorScale.Scale(bench.Team, residual.Data, residual.Data, residual.Count, beta);

        MatrixProduct.Multiply(bench.Team, a, b, y.Data, columns, false, default(NoEpilogue));
        VectorScale.Scale(bench.Team, y.Data, y.Data, y.Count, alpha);
        VectorAdd.Accumulate(bench.Team, residual.Data, y.Data, y.Count);
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y.Span);
        if (alpha != 1) return;
        // All that is added in one pass, and what is one row as a bias.
        var zeros = bench.Tensor(new float[columns], 1, columns);
        MatrixProduct.Multiply(bench.Team, a, b, y.Data, columns, false,
            new Then<AddBias, AddMatrix>(new(zeros.Data), new(new(residual.Data, columns))));
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y.Span);
        if (fixture.Inputs.Count > 2 && fixture.Inputs[2].Count == rows * columns) return;
        MatrixProduct.Multiply(bench.Team, a, b, y.Data, columns, false, new AddBias(residual.Data));
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y.Span);
        if (fixture.Integer("transB", 0) == 0 || fixture.Integer("transA", 0) == 1) return;
        var linear = Linear.Apply(bench.Workspace, bench.Tensor(fixture.Inputs[0].Floats, rows, a.Columns),
            bench.Weight(fixture.Inputs[1].Floats, columns, a.Columns), bench.Weight(residual.Row(0).ToArray(), 1, columns));
        OnnxBench.AssertClose(fixture.Outputs[0].Values, linear.Span);
    }

    /// <summary>The last two dimensions multiply, the others are a batch.</summary>
    public static void MatMul(OnnxFixture fixture)
    {
        using var bench = new OnnxBench();
        OnnxTensor a = fixture.Inputs[0], b = fixture.Inputs[1];
        var (rows, depth, columns, batch) = (a.Shape[^2], a.Shape[^1], b.Shape[^1], a.Size(..^2));
        Assert.Equal(batch, b.Size(..^2));
        Tensor left = bench.Tensor(a.Floats, batch * rows, depth), right = bench.Tensor(b.Floats, batch * depth, columns);
        var y = bench.Tensor(new float[batch * rows * columns], batch * rows, columns);
        BatchedProduct.Multiply(bench.Team, new Matrix(left.Data, rows, depth), rows * depth,
            new Matrix(right.Data, depth, columns), depth * columns, y.Data, columns, rows * columns, batch, false);
        OnnxBench.AssertClose(fixture.Outputs[0].Values, y.Span);
    }

    private static Matrix Side(OnnxBench bench, OnnxFixture fixture, int input, string transposition)
    {
        var x = fixture.Inputs[input];
        var matrix = new Matrix(bench.Tensor(x.Floats, x.Shape[0], x.Shape[1]).Data, x.Shape[0], x.Shape[1]);
        return fixture.Integer(transposition, 0) == 1 ? matrix.Transposed : matrix;
    }

    private static float[] Repeated(OnnxTensor c, int rows, int columns)
    {
        Assert.Contains(c.Count, new[] { 1, columns, rows * columns });
        return [.. Enumerable.Range(0, rows * columns).Select(i => (float)c.Values[i % c.Count])];
    }
}
