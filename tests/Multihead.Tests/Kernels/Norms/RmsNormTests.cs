using Multihead.Kernels.Norms;

namespace Multihead.Tests.Kernels.Norms;

public unsafe class RmsNormTests
{
    private const float Epsilon = 1e-6f;
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
            using var y = new FloatBuffer(rows * width, 5);
            using var inverse = new FloatBuffer(rows);
            Widths.Rows(vector, new RmsNorm.ForwardRow(x, gain, y, inverse, width, Epsilon), rows);
            using var dy = FloatBuffer.Random(random, rows * width);
            using var dx = FloatBuffer.Random(random, rows * width);
            using var dgain = new FloatBuffer(width);
            var old = dx.ToArray();
            var add = width % 2 == 0;
            using var sums = new FloatBuffer(2 * width);
            var gradient = Gradient(dy, x, gain, inverse, dx, dgain, rows, width) with { AccumulateX = add };
            Widths.Job(vector, new NormBackward.ChunkJob(gradient, sums, null), 1);

            var sumGain = new double[width];
            for (var row = 0; row < rows; row++)
            {
                var reference = new NormReference(x.Span.Slice(row * width, width), centred: false, Epsilon);
                Close.Assert(reference.InverseDeviation, inverse[row], 0, Tolerance, "deviation");
                var expected = reference.Gradient(dy.Span.Slice(row * width, width), gain.Span);
                for (var j = 0; j < width; j++)
                {
                    var i = row * width + j;
                    Close.Assert(reference.Normalised[j] * gain[j], y[i], Tolerance, Tolerance, $"y, width {width}");
                    // A short row near zero is divided by little, which magnifies what is rounded.
                    Close.Assert(expected[j] + (add ? old[i] : 0), dx[i],
                        3 * Tolerance * Math.Max(1, reference.InverseDeviation), Tolerance, $"dx, width {width}");
                    sumGain[j] += dy[i] * reference.Normalised[j];
                }
            }
            Close.Assert(j => sumGain[j], sums.Span[..width], Tolerance, Tolerance, "dgain");
            Assert.False(sums.Span[width..].ContainsAnyExcept(0)); // no bias, no sums for one
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void NanSpoilsItsRowAlone(int vector)
    {
        using var x = FloatBuffer.Random(new Random(4), 3 * 37);
        x.Span[37] = float.NaN;
        using var ones = new FloatBuffer(37);
        ones.Span.Fill(1);
        Widths.Rows(vector, new RmsNorm.ForwardRow(x, ones, x, null, 37, Epsilon), 3); // in place
        for (var i = 0; i < x.Count; i++) Assert.Equal(i / 37 == 1, float.IsNaN(x[i]));
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
        using var inverse = new FloatBuffer(rows);
        using var dgain = new FloatBuffer(width);
        RmsNorm.Forward(team, x, gain, y, inverse, rows, width, Epsilon);
        using var scratch = new FloatBuffer(NormBackward.ScratchFloats(rows, width));
        NormBackward.Run(team, Gradient(dy, x, gain, inverse, dx, dgain, rows, width), scratch);
        using var alone = new FloatBuffer(width, 7);
        using var gradient = new FloatBuffer(width);
        foreach (var row in new[] { 0, 150, 300 })
        {
            RmsNorm.Forward(team, x.Pointer + row * width, gain, alone, null, 1, width, Epsilon);
            Widths.AssertSameBits(y.Span.Slice(row * width, width), alone.Span);
            NormBackward.Run(team, Gradient(dy.Pointer + row * width, x.Pointer + row * width, gain, inverse.Pointer + row, alone,
                gradient, 1, width), scratch);
            Widths.AssertSameBits(dx.Span.Slice(row * width, width), alone.Span);
        }
        return [.. y.ToArray(), .. dx.ToArray(), .. dgain.ToArray(), .. inverse.ToArray()];
    });

    private static NormGradient Gradient(float* dy, float* x, float* gain, float* inverse, float* dx, float* dgain, int rows,
        int width) => new()
        {
            Dy = dy,
            X = x,
            Gain = gain,
            InverseDeviation = inverse,
            Dx = dx,
            Dgain = dgain,
            Rows = rows,
            Width = width,
        };
}
