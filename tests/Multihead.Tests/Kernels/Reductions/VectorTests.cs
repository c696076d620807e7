using Multihead.Kernels.Reductions;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Reductions;

public unsafe class VectorTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithScalarsToTheBit(int vector)
    {
        var random = new Random(22);
        for (var count = 0; count <= 257; count++)
        {
            using var x = FloatBuffer.Random(random, count);
            using var y = FloatBuffer.Random(random, count);
            using var z = new FloatBuffer(count, 3);
            if (count > 2) (x.Span[1], x.Span[2]) = (float.NaN, float.PositiveInfinity);
            float[] a = x.ToArray(), b = y.ToArray();
            Widths.Flat(vector, new VectorAdd.AddStep(x, y, z), count);
            Assert.Equal(a.Zip(b, (p, q) => p + q), z.ToArray());
            Widths.Flat(vector, new VectorAdd.AddStep(y, x, y), count); // in place
            Assert.Equal(z.ToArray(), y.ToArray());
            Widths.Flat(vector, new VectorScale.ScaleStep(x, z, 0.3f), count);
            Assert.Equal(a.Select(p => p * 0.3f), z.ToArray());
            Widths.Flat(vector, new VectorFill.CopyStep(x, y), count);
            Assert.Equal(a, y.ToArray());
            Widths.Flat(vector, new VectorFill.FillStep(z, -1.5f), count);
            Assert.All(z.ToArray(), value => Assert.Equal(-1.5f, value));
        }
    }

    [Fact]
    public void EveryElementIsReachedOnAnyTeam() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int count = 150_001;
        using var x = FloatBuffer.Random(new Random(23), count);
        using var y = new FloatBuffer(count);
        using var z = new FloatBuffer(count);
        VectorFill.Fill(team, y, count, 2);
        Assert.False(y.Span.ContainsAnyExcept(2));
        VectorFill.Copy(team, x, z, count);
        Assert.Equal(x.ToArray(), z.ToArray());
        VectorAdd.Add(team, x, y, z, count);
        VectorAdd.Accumulate(team, x, z, count);
        VectorScale.Scale(team, z, z, count, 0.5f);
        for (var i = 0; i < count; i++) Assert.Equal((x[i] + 2 + x[i]) * 0.5f, z[i]);
        return z.ToArray();
    });

    [Fact]
    public void RunningAllocatesNothing()
    {
        const int count = 100_000;
        using var team = new ThreadTeam(2);
        using var x = new FloatBuffer(count);
        for (var i = 0; i < 50; i++) VectorAdd.Accumulate(team, x, x, count);
        // The figure is the whole process's, and the test runner may allocate beside us: once without anything is enough.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 50; i++) VectorAdd.Accumulate(team, x, x, count);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);
    }
}
