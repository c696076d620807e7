using Multihead.Kernels.Optimizers;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Optimizers;

public unsafe class GradientNormTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        double partial;
        for (var count = 1; count <= 257; count++)
        {
            using var x = FloatBuffer.Random(new Random(count), count);
            Widths.Job(vector, new GradientNorm.ChunkJob(x, count, &partial), 1);
            var expected = 0.0;
            foreach (var value in x.Span) expected += (double)value * value;
            // Chains of at most 64 fp32 additions of terms that are not negative.
            Assert.InRange(partial, expected * (1 - 1e-6), expected * (1 + 1e-6));
        }
    }

    [Fact]
    public void NothingHasNoLength()
    {
        using var team = new ThreadTeam(1);
        Assert.Equal(0, GradientNorm.SumOfSquares(team, null, 0));
    }

    [Fact]
    public void InfinityAndNanAreSeen()
    {
        using var team = new ThreadTeam(2);
        using var x = FloatBuffer.Random(new Random(1), 50_000);
        x.Span[49_999] = float.NegativeInfinity;
        Assert.Equal(double.PositiveInfinity, GradientNorm.SumOfSquares(team, x, x.Count));
        x.Span[20_000] = float.NaN;
        Assert.Equal(double.NaN, GradientNorm.SumOfSquares(team, x, x.Count));
    }

    [Fact]
    public void ThreadsDoNotChangeBitsAlsoBeyondOneRoundOfChunks()
    {
        const int count = 17_000_003; // 1,038 chunks, of which 1,024 are done at once
        using var x = new FloatBuffer(count);
        for (var i = 0; i < count; i++) x.Span[i] = i % 1000 * 0.001f;
        double expected = 0;
        foreach (var value in x.Span) expected += (double)value * value;
        Widths.AssertSameOnAnyTeam(team =>
        {
            var sum = GradientNorm.SumOfSquares(team, x, count);
            Assert.InRange(sum, expected * (1 - 1e-6), expected * (1 + 1e-6));
            return [(float)sum, (float)(sum - (float)sum)];
        });
    }
}
