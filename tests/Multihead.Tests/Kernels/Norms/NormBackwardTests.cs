using Multihead.Kernels.Norms;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tests.Kernels.Norms;

public unsafe class NormBackwardTests
{
    // Five whole chunks of rows and a rest that is no whole group either.
    private const int Rows = 5 * NormBackward.ChunkRows + 21;
    private const int Width = 131;
    private static readonly DropoutKey Key = new(5, 6);

    [Fact]
    public void SumsOverManyChunksAgreeWithTheReference() => Widths.AssertSameOnAnyTeam(team =>
    {
        var random = new Random(31);
        using var x = FloatBuffer.Random(random, Rows * Width);
        using var dy = FloatBuffer.Random(random, Rows * Width);
        using var gain = FloatBuffer.Random(random, Width);
        using var statistics = new FloatBuffer(2 * Rows);
        using var dx = new FloatBuffer(Rows * Width);
        using var sums = FloatBuffer.Random(random, 2 * Width);
        using var scratch = new FloatBuffer(NormBackward.ScratchFloats(Rows, Width));
        var expected = sums.ToArray().Select(v => (double)v).ToArray();
        for (var row = 0; row < Rows; row++)
        {
            var reference = new NormReference(x.Span.Slice(row * Width, Width), centred: true, 1e-5);
            (statistics.Span[row], statistics.Span[Rows + row]) = ((float)reference.Mean, (float)reference.InverseDeviation);
            for (var j = 0; j < Width; j++)
            {
                expected[j] += dy[row * Width + j] * reference.Normalised[j];
                expected[Width + j] += dy[row * Width + j];
            }
        }
        NormBackward.Run(team, Gradient(dy, x, gain, statistics, dx, sums) with { AccumulateGain = true }, scratch);
        Close.Assert(j => expected[j], sums.Span, 2e-4, 1e-6, "sums"); // chains of 64 terms up to 6, six of them added
        return [.. sums.ToArray(), .. dx.ToArray()];
    });

    [Fact]
    public void WithDropoutTheBitsAreThoseOfTheTwoOneAfterTheOther() => Widths.AssertSameOnAnyTeam(team =>
    {
        var random = new Random(32);
        using var x = FloatBuffer.Random(random, Rows * Width);
        using var dy = FloatBuffer.Random(random, Rows * Width);
        using var gain = FloatBuffer.Random(random, Width);
        using var statistics = FloatBuffer.Random(random, 2 * Rows);
        using var dx = FloatBuffer.Random(random, Rows * Width);
        using var together = new FloatBuffer(dx.Span);
        using var dropped = new FloatBuffer(Rows * Width);
        using var droppedTogether = new FloatBuffer(Rows * Width);
        using var sums = new FloatBuffer(2 * Width);
        using var scratch = new FloatBuffer(NormBackward.ScratchFloats(Rows, Width));
        var gradient = Gradient(dy, x, gain, statistics, dx, sums) with { AccumulateX = true };
        NormBackward.Run(team, gradient, scratch);
        Dropout.Backward(team, dx, dropped, dx.Count, 0.3f, Key, accumulate: false);
        NormBackward.Run(team, gradient with { Dx = together }, scratch,
            new Dropout.Elements(together, null, droppedTogether, 0.3f, Key));
        Widths.AssertSameBits(dx.Span, together.Span);
        Widths.AssertSameBits(dropped.Span, droppedTogether.Span);
        return droppedTogether.ToArray();
    });

    private static NormGradient Gradient(float* dy, float* x, float* gain, float* statistics, float* dx, float* sums) => new()
    {
        Dy = dy,
        X = x,
        Gain = gain,
        Mean = statistics,
        InverseDeviation = statistics + Rows,
        Dx = dx,
        Dgain = sums,
        Dbias = sums + Width,
        Rows = Rows,
        Width = Width,
    };
}
