using Multihead.Kernels.Selection;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Selection;

public unsafe class TopLogProbabilitiesTests
{
    [Fact]
    public void EveryLengthAgreesWithTheReference()
    {
        var random = new Random(3);
        using var team = new ThreadTeam(2);
        for (var width = 1; width <= 257; width++)
        {
            var k = Math.Min(width, 1 + width % 7);
            using var logits = FloatBuffer.Random(random, 3 * width, range: width % 2 == 0 ? 3 : 50);
            logits.Span[0] += 10_000; // beside which a sum of exponentials has no digits left
            var (ids, values) = Select(team, logits, 3, width, k);
            for (var row = 0; row < 3; row++)
            {
                var x = logits.Span.Slice(row * width, width).ToArray();
                var order = Enumerable.Range(0, width).OrderByDescending(i => x[i]).Take(k).ToArray();
                Assert.Equal(order, ids[(row * k)..(row * k + k)]);
                var max = (double)x.Max();
                var logSum = Math.Log(x.Sum(v => Math.Exp(v - max)));
                // The logits' difference is rounded once, and a sum of up to 257 terms in sixteenths.
                Close.Assert(i => x[order[i]] - max - logSum, values.AsSpan(row * k, k), 2e-6, 2e-7, $"width {width}");
            }
        }
    }

    [Fact]
    public void AmongEqualsTheLowerNumberComesFirst()
    {
        using var team = new ThreadTeam(1);
        using var logits = new FloatBuffer([1, 5, 2, 5, 1, 5, 2]);
        Assert.Equal([1, 3, 5, 2, 6], Select(team, logits, 1, 7, 5).Ids);
    }

    [Fact]
    public void MaskedEntriesHaveNoProbability()
    {
        using var team = new ThreadTeam(1);
        using var logits = new FloatBuffer([float.NegativeInfinity, 0, float.NegativeInfinity, 0]);
        var (ids, values) = Select(team, logits, 1, 4, 3);
        Assert.Equal([1, 3], ids[..2]);
        Assert.Equal(-Math.Log(2), values[0], 1e-7);
        Assert.Equal(float.NegativeInfinity, values[2]);
    }

    [Fact]
    public void BadNumbersSpoilTheirRowAlone()
    {
        using var team = new ThreadTeam(1);
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity })
        {
            using var logits = FloatBuffer.Random(new Random(1), 3 * 37);
            logits.Span[37 + 20] = bad;
            var (ids, values) = Select(team, logits, 3, 37, 4);
            for (var i = 0; i < values.Length; i++) Assert.Equal(i / 4 == 1, !float.IsFinite(values[i]));
            Assert.All(ids, id => Assert.InRange(id, 0, 36));
        }
    }

    [Fact]
    public void BitsAreTheSameOnAnyNumberOfThreads()
    {
        using var logits = FloatBuffer.Random(new Random(1), 40 * 451);
        Widths.AssertSameOnAnyTeam(team => Select(team, logits, 40, 451, 5).Values);
        using var alone = new FloatBuffer(logits.Span.Slice(7 * 451, 451), 3);
        using var one = new ThreadTeam(1);
        Widths.AssertSameBits(Select(one, logits, 40, 451, 5).Values.AsSpan(35, 5), Select(one, alone, 1, 451, 5).Values);
    }

    private static (int[] Ids, float[] Values) Select(ThreadTeam team, FloatBuffer logits, int rows, int width, int k)
    {
        var ids = new int[rows * k];
        using var values = new FloatBuffer(rows * k);
        fixed (int* pointer = ids) TopLogProbabilities.Select(team, logits, rows, width, k, pointer, values);
        return (ids, values.ToArray());
    }
}
