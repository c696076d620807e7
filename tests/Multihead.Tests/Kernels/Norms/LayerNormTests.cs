using Multihead.Kernels.Norms;

namespace Multihead.Tests.Kernels.Norms;

public unsafe class LayerNormTests
{
    private const float Epsilon = 1e-5f;
    private const double Tolerance = 1e-5; // sums of up to 257 fp32 terms of size about 3

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        var random = new Random(3);
        for (var width = 1; width <= 257; width++)
        {
            const int rows = 3;
            using var x = FloatBuffer.Random(random, rows * width);
            using var gain = FloatBuffer.Random(random, width);
            using var bias = FloatBuffer.Random(random, width);
            using var y = new FloatBuffer(rows * width, 5);
            using var mean = new FloatBuffer(rows);
            using var inverse = new FloatBuffer(rows);
            Widths.Rows(vector, new LayerNorm.ForwardRow(x, gain, bias, y, mean, inverse, width, Epsilon), rows);
            using var dy = FloatBuffer.Random(random, rows * width);
            using var dx = FloatBuffer.Random(random, rows * width);
            using var dgain = new FloatBuffer(width);
            using var dbias = new FloatBuffer(width);
            var old = dx.ToArray();
            var add = width % 2 == 0;
            using var sums = new FloatBuffer(2 * width);
            var gradient = Gradient(dy, x, gain, mean, inverse, dx, dgain, dbias, rows, width) with { AccumulateX = add };
            Widths.Job(vector, new NormBackward.ChunkJob(gradient, sums, null), 1);

            double[] sumGain = new double[width], sumBias = new double[width];
            for (var row = 0; row < rows; row++)
            {
                var reference = new NormReference(x.Span.Slice(row * width, width), centred: true, Epsilon);
                Close.Assert(reference.Mean, mean[row], Tolerance, 0, "mean");
                Close.Assert(reference.InverseDeviation, inverse[row], 0, Tolerance, "deviation");
                var expected = reference.Gradient(dy.Span.Slice(row * width, width), gain.Span);
                for (var j = 0; j < width; j++)
                {
                    var i = row * width + j;
                    // A row of two or three can have a small deviation, which magnifies what is rounded.
                    var magnified = Math.Max(1, reference.InverseDeviation);
                    var allowed = Tolerance * magnified * Math.Max(1, Math.Abs(reference.Normalised[j]));
                    Close.Assert(reference.Normalised[j] * gain[j] + bias[j], y[i], allowed, Tolerance, $"y, width {width}");
                    Close.Assert(expected[j] + (add ? old[i] : 0), dx[i], 10 * allowed * magnified, Tolerance,
                        $"dx, width {width}");
                    sumGain[j] += dy[i] * reference.Normalised[j];
                    sumBias[j] += dy[i];
                }
            }
            Close.Assert(j => sumGain[j], sums.Span[..width], 1e-3, Tolerance, "dgain"); // deviations as above
            Close.Assert(j => sumBias[j], sums.Span[width..], Tolerance, Tolerance, "dbias");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void NanAndInfinitySpoilTheirRowAlone(int vector)
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity })
        {
            using var x = FloatBuffer.Random(new Random(4), 3 * 37);
            x.Span[37 + 36] = bad;
            using var ones = new FloatBuffer(37);
            ones.Span.Fill(1);
            Widths.Rows(vector, new LayerNorm.ForwardRow(x, ones, ones, x, null, null, 37, Epsilon), 3); // in place
            for (var i = 0; i < x.Count; i++)
                Assert.Equal(i / 37 == 1, !float.IsFinite(x[i]));
        }
    }

    [Fact]
    public void ARowAloneHasTheBitsThatItHasInABatch() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int rows = 301, width = 451;
        var random = new Random(5);
        using var x = FloatBuffer.Random(random, rows * width);
        using var gain = FloatBuffer.Random(random, width);
        using var dy = FloatBuffer.Random(random, rows * width);
        using var y = new FloatBuffer(rows * width);
        using var dx = new FloatBuffer(rows * width);
        using var statistics = new FloatBuffer(2 * rows);
        using var dgain = new FloatBuffer(2 * width);
        float* mean = statistics, inverse = mean + rows;
        LayerNorm.Forward(team, x, gain, gain, y, mean, inverse, rows, width, Epsilon);
        using var scratch = new FloatBuffer(NormBackward.ScratchFloats(rows, width));
        NormBackward.Run(team, Gradient(dy, x, gain, mean, inverse, dx, dgain, dgain.Pointer + width, rows, width), scratch);
        using var alone = new FloatBuffer(width, 7);
        using var gradient = new FloatBuffer(2 * width);
        foreach (var row in new[] { 0, 150, 300 })
        {
            LayerNorm.Forward(team, x.Pointer + row * width, gain, gain, alone, null, null, 1, width, Epsilon);
            Widths.AssertSameBits(y.Span.Slice(row * width, width), alone.Span);
            NormBackward.Run(team, Gradient(dy.Pointer + row * width, x.Pointer + row * width, gain, mean + row, inverse + row,
                alone, gradient, gradient.Pointer + width, 1, width), scratch);
            Widths.AssertSameBits(dx.Span.Slice(row * width, width), alone.Span);
        }
        NormBackward.Run(team, Gradient(dy, x, gain, mean, inverse, dy, gradient, gradient.Pointer + width, rows, width), scratch);
        Widths.AssertSameBits(dx.Span, dy.Span); // in place
        return [.. y.ToArray(), .. dx.ToArray(), .. dgain.ToArray(), .. statistics.ToArray()];
    });

    private static NormGradient Gradient(float* dy, float* x, float* gain, float* mean, float* inverse, float* dx, float* dgain,
        float* dbias, int rows, int width) => new()
        {
            Dy = dy,
            X = x,
            Gain = gain,
            Mean = mean,
            InverseDeviation = inverse,
            Dx = dx,
            Dgain = dgain,
            Dbias = dbias,
            Rows = rows,
            Width = width,
        };
}
