using Multihead.Kernels.Losses;

namespace Multihead.Tests.Kernels.Losses;

public unsafe class CrossEntropyRowsTests
{
    private const int Ignored = -1;

    private static (double Loss, double Nll, double[] Gradient) Reference(ReadOnlySpan<float> x, int target, double smoothing,
        double scale)
    {
        double max = double.NegativeInfinity, sum = 0, loss = 0;
        foreach (var value in x) max = Math.Max(max, value);
        foreach (var value in x) sum += Math.Exp(value - max);
        var gradient = new double[x.Length];
        for (var k = 0; k < x.Length; k++)
        {
            var q = (k == target ? 1 - smoothing : 0) + smoothing / x.Length;
            var logP = x[k] - max - Math.Log(sum);
            if (q > 0) loss -= q * logP;
            gradient[k] = scale * (Math.Exp(logP) - q);
        }
        return (loss, max + Math.Log(sum) - x[target], gradient);
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        var random = new Random(9);
        var targets = stackalloc int[3];
        for (var width = 1; width <= 257; width++)
        {
            var smoothing = width % 3 == 0 ? 0 : 0.1f;
            using var logits = FloatBuffer.Random(random, 3 * width, 15);
            using var before = new FloatBuffer(logits.Span);
            (targets[0], targets[1], targets[2]) = (random.Next(width), Ignored, random.Next(width));
            using var loss = new FloatBuffer(3);
            using var nll = new FloatBuffer(3);
            Widths.Rows(vector, new CrossEntropyRows.LossRow(logits, targets, loss, nll, width, smoothing, 0.25f, Ignored), 3);
            foreach (var row in new[] { 0, 2 })
            {
                var expected = Reference(before.Span.Slice(row * width, width), targets[row], smoothing, 0.25);
                Close.Assert(expected.Loss, loss[row], 2e-6, 1e-6, $"loss, width {width}"); // a sum of up to 257 fp32 terms
                Close.Assert(expected.Nll, nll[row], 2e-6, 1e-6, $"nll, width {width}");
                Close.Assert(j => expected.Gradient[j], logits.Span.Slice(row * width, width), 3e-7, 2e-6,
                    $"gradient, width {width}");
            }
            Assert.Equal((0, 0), (loss[1], nll[1]));
            Assert.False(logits.Span.Slice(width, width).ContainsAnyExcept(0));
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void RowsOfSpecialValues(int vector)
    {
        const int width = 21;
        using var logits = FloatBuffer.Random(new Random(10), 4 * width);
        logits.Span[5] = float.NaN;
        logits.Span[width + 5] = float.PositiveInfinity;
        logits.Span.Slice(2 * width, width).Fill(float.NegativeInfinity);
        logits.Span[3 * width + 5] = float.NegativeInfinity; // a masked class that is not the target
        var targets = stackalloc int[4] { 1, 1, 1, 1 };
        using var loss = new FloatBuffer(4);
        using var nll = new FloatBuffer(4);
        using var before = new FloatBuffer(logits.Span);
        Widths.Rows(vector, new CrossEntropyRows.LossRow(logits, targets, loss, nll, width, 0, 1, Ignored), 4);
        for (var i = 0; i < 3 * width; i++) Assert.Equal(float.NaN, logits[i]);
        for (var row = 0; row < 3; row++) Assert.Equal((float.NaN, float.NaN), (loss[row], nll[row]));
        var expected = Reference(before.Span[(3 * width)..], 1, 0, 1);
        Close.Assert(expected.Loss, loss[3], 1e-6, 1e-6, "loss");
        Close.Assert(j => expected.Gradient[j], logits.Span[(3 * width)..], 3e-7, 2e-6, "gradient");
    }

    [Fact]
    public void ARowAloneHasTheBitsThatItHasInABatch() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int rows = 203, width = 1003;
        using var logits = FloatBuffer.Random(new Random(11), rows * width, 5);
        using var before = new FloatBuffer(logits.Span);
        var targets = stackalloc int[rows];
        for (var i = 0; i < rows; i++) targets[i] = i % 7 == 0 ? Ignored : i * 31 % width;
        using var loss = new FloatBuffer(rows);
        using var nll = new FloatBuffer(rows);
        CrossEntropyRows.Forward(team, logits, targets, loss, nll, rows, width, 0.1f, 1f / 64, Ignored);
        using var one = new FloatBuffer(2);
        foreach (var row in new[] { 1, 100, 202 })
        {
            using var alone = new FloatBuffer(before.Span.Slice(row * width, width), 9);
            CrossEntropyRows.Forward(team, alone, targets + row, one, one.Pointer + 1, 1, width, 0.1f, 1f / 64, Ignored);
            Widths.AssertSameBits(logits.Span.Slice(row * width, width), alone.Span);
            Assert.Equal((loss[row], nll[row]), (one[0], one[1]));
        }
        return [.. logits.ToArray(), .. loss.ToArray(), .. nll.ToArray()];
    });
}
