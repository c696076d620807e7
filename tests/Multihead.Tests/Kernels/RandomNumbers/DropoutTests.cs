using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.RandomNumbers;

public unsafe class DropoutTests
{
    private static readonly DropoutKey Key = new(0x1122334455667788, 99);

    private static bool Kept(long element, float rate)
    {
        var (w0, w1, w2, w3) = Philox.Block((ulong)element / 4, Key.Stream, Key.Seed);
        return (element % 4) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 } >= rate * Math.Pow(2, 32);
    }

    private static void Run(int vector, float* x, float* residual, float* y, int count, float rate) =>
        Widths.Job(vector, new Dropout.ChunkJob(new Dropout.Elements(x, residual, y, rate, Key), count),
            FlatLoop.ChunkCount(count));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        var random = new Random(16);
        foreach (var rate in new[] { 0f, 0.1f, 0.5f, 0.9f })
        {
            for (var count = 0; count <= 257; count += rate == 0.1f ? 1 : 37)
            {
                using var x = FloatBuffer.Random(random, count);
                using var residual = FloatBuffer.Random(random, count);
                using var y = new FloatBuffer(count, 3);
                double Expected(int i) => Kept(i, rate) ? x[i] / (1.0 - rate) : 0;
                Run(vector, x, null, y, count, rate);
                Close.Assert(Expected, y.Span, 0, 2e-7, "dropout"); // two fp32 roundings
                Run(vector, x, residual, y, count, rate);
                Close.Assert(i => residual[i] + Expected(i), y.Span, 1e-6, 2e-7, "and added");
                Run(vector, x, residual, residual, count, rate);
                Widths.AssertSameBits(y.Span, residual.Span);
                Run(vector, x, null, y, count, rate);
                Run(vector, x, null, x, count, rate);
                Widths.AssertSameBits(y.Span, x.Span);
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void ADroppedNanIsZeroAndAKeptOneStays(int vector)
    {
        const int count = 100;
        using var x = new FloatBuffer(count);
        for (var i = 0; i < count; i++) x.Span[i] = i % 2 == 0 ? float.NaN : float.PositiveInfinity;
        Run(vector, x, null, x, count, 0.5f);
        for (var i = 0; i < count; i++)
            Assert.Equal(!Kept(i, 0.5f) ? 0 : i % 2 == 0 ? float.NaN : float.PositiveInfinity, x[i]);
    }

    [Fact]
    public void BackwardUsesTheSamePatternAndThreadsDoNotChangeBits() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int count = 150_001;
        using var ones = new FloatBuffer(count);
        ones.Span.Fill(1);
        using var y = new FloatBuffer(count);
        using var dx = new FloatBuffer(count);
        Dropout.Apply(team, ones, y, count, 0.1f, Key);
        Dropout.Backward(team, ones, dx, count, 0.1f, Key, false);
        Widths.AssertSameBits(y.Span, dx.Span);
        Dropout.Backward(team, ones, dx, count, 0.1f, Key, true);
        for (var i = 0; i < count; i++) Assert.Equal(2 * y[i], dx[i]);
        foreach (var i in new[] { 16_383, 16_384, 149_999, 150_000 }) Assert.Equal(Kept(i, 0.1f), y[i] != 0);
        Dropout.Run(team, new Dropout.Elements(ones, y, dx, 0.1f, Key), count);
        for (var i = 0; i < count; i++) Assert.Equal(2 * y[i], dx[i]);
        return y.ToArray();
    });

    [Fact]
    public void TheShareThatIsDroppedIsTheRate()
    {
        const int count = 1_000_000;
        using var team = new ThreadTeam(1);
        using var x = new FloatBuffer(count);
        x.Span.Fill(1);
        Dropout.Apply(team, x, x, count, 0.1f, Key);
        var dropped = 0;
        foreach (var value in x.Span) if (value == 0) dropped++;
        Assert.InRange(dropped, 98_500, 101_500); // 5 deviations of 300
    }
}
