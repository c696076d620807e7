using RowSoftmax = Multihead.Kernels.Softmax.Softmax;

namespace Multihead.Tests.Kernels.Softmax;

public unsafe class SoftmaxTests
{
    private const double Tolerance = 4e-6; // relative: x - max, up to 40, is rounded by 2e-6, which exp hands on

    private static double[] Reference(ReadOnlySpan<float> x)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (var value in x) max = Math.Max(max, value);
        var y = new double[x.Length];
        if (double.IsNegativeInfinity(max)) return y;
        for (var i = 0; i < y.Length; i++) sum += y[i] = Math.Exp(x[i] - max);
        for (var i = 0; i < y.Length; i++) y[i] /= sum;
        return y;
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        var random = new Random(6);
        for (var width = 0; width <= 257; width++)
        {
            using var x = FloatBuffer.Random(random, 2 * width, 20);
            if (width > 3) x.Span[3] = float.NegativeInfinity; // one masked
            using var y = new FloatBuffer(2 * width, 6);
            Widths.Rows(vector, new RowSoftmax.ForwardRow(x, y, width), 2);
            using var dy = FloatBuffer.Random(random, 2 * width);
            using var dx = FloatBuffer.Random(random, 2 * width);
            var old = dx.ToArray();
            var add = width % 2 == 0;
            Widths.Rows(vector, new RowSoftmax.BackwardRow(y, dy, dx, width, add), 2);
            for (var row = 0; row < 2; row++)
            {
                var first = row * width;
                var p = Reference(x.Span.Slice(first, width));
                Close.Assert(j => p[j], y.Span.Slice(first, width), 1e-37, Tolerance, $"y, width {width}");
                var dot = 0.0;
                for (var j = 0; j < width; j++) dot += p[j] * dy[first + j];
                Close.Assert(j => p[j] * (dy[first + j] - dot) + (add ? old[first + j] : 0), dx.Span.Slice(first, width), 1e-5, 0,
                    $"dx, width {width}");
            }
            Widths.Rows(vector, new RowSoftmax.ForwardRow(x, x, width), 2);
            Widths.AssertSameBits(y.Span, x.Span);
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void RowsOfSpecialValues(int vector)
    {
        for (var width = 1; width <= 70; width++)
        {
            using var x = FloatBuffer.Random(new Random(7), 4 * width);
            x.Span[..width].Fill(float.NegativeInfinity);
            x.Span[2 * width - 1] = float.NaN;
            x.Span[3 * width - 1] = float.PositiveInfinity;
            Widths.Rows(vector, new RowSoftmax.ForwardRow(x, x, width), 4);
            for (var i = 0; i < x.Count; i++)
            {
                if (i / width == 0) Assert.Equal(0, x[i]);
                else Assert.Equal(i / width is 1 or 2, float.IsNaN(x[i]));
            }
        }
    }

    [Fact]
    public void LargeLogitsDoNotOverflow()
    {
        using var x = new FloatBuffer([3e38f, -3e38f, 3e38f]);
        Widths.Rows(512, new RowSoftmax.ForwardRow(x, x, 3), 1);
        Assert.Equal([0.5f, 0, 0.5f], x.ToArray());
    }

    [Fact]
    public void ARowAloneHasTheBitsThatItHasInABatch() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int rows = 401, width = 333;
        using var x = FloatBuffer.Random(new Random(8), rows * width);
        using var y = new FloatBuffer(rows * width);
        using var dx = new FloatBuffer(rows * width);
        RowSoftmax.Forward(team, x, y, rows, width);
        RowSoftmax.Backward(team, y, x, dx, rows, width, false);
        using var alone = new FloatBuffer(width, 4);
        foreach (var row in new[] { 0, 200, 400 })
        {
            RowSoftmax.Forward(team, x.Pointer + row * width, alone, 1, width);
            Widths.AssertSameBits(y.Span.Slice(row * width, width), alone.Span);
        }
        return [.. y.ToArray(), .. dx.ToArray()];
    });
}
