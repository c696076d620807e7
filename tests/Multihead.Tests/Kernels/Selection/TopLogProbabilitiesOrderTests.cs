using Multihead.Kernels.Selection;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Selection;

/// <summary>Against a plain sort: equals, minus infinity and NaN have their places.</summary>
public unsafe class TopLogProbabilitiesOrderTests
{
    [Fact]
    public void AgreesWithAPlainSort()
    {
        var random = new Random(1);
        for (var width = 1; width <= 257; width++)
        {
            var logits = new float[3 * width];
            // Few different values, so that there are many equal ones.
            for (var i = 0; i < logits.Length; i++) logits[i] = i < width ? random.Next(5) - 2 : 20 * random.NextSingle() - 10;
            Check(logits, width, k: 1);
            Check(logits, width, k: Math.Min(width, 5));
            Check(logits, width, k: width);
        }
    }

    [Fact]
    public void LargeLogitsCostNoDigits()
    {
        // The distances are exact in fp32 at this size, though a sum of max and logarithm is not.
        var (_, logProbabilities) = Run(ThreadTeam.Shared, [10_000, 10_001, 10_003], 3, 3);
        var logSum = Math.Log(1 + Math.Exp(-2) + Math.Exp(-3));
        Assert.Equal(-logSum, logProbabilities[0], 2e-7);
        Assert.Equal(-2 - logSum, logProbabilities[1], 4e-7);
        Assert.Equal(-3 - logSum, logProbabilities[2], 4e-7);
    }

    [Fact]
    public void MinusInfinityAndNaNComeLastInTheirOrder()
    {
        const float none = float.NegativeInfinity, nan = float.NaN;
        Assert.Equal([3, 0, 1, 2], Check([none, none, none, 5], 4, 4).Ids);
        Assert.Equal([2, 1, 0, 3], Check([none, 1, 2, none], 4, 4).Ids);
        Assert.Equal([0, 1], Check([none, none, none], 3, 2).Ids);
        Assert.Equal([3, 1, 0, 2], Check([nan, none, nan, 0], 4, 4).Ids);
        Assert.Equal([0, 1, 2], Check([nan, nan, nan], 3, 3).Ids);
        Assert.Equal([1, 2, 0], Check([-1, float.PositiveInfinity, 7], 3, 3).Ids);
    }

    [Fact]
    public void ARowThatIsNoDistributionIsNaNAndSpoilsNoOther()
    {
        const float none = float.NegativeInfinity;
        var (_, logProbabilities) = Check([1, float.NaN, 0, 1, 2, 3, 1, float.PositiveInfinity, 0, none, 4, 4], 3, 2);
        Assert.Equal([float.NaN, float.NaN], logProbabilities[..2]);
        Assert.Equal(-0.407605964f, logProbabilities[2], 1e-6f);
        Assert.Equal([float.NaN, float.NaN], logProbabilities[4..6]);
        Assert.Equal(-0.693147181f, logProbabilities[6], 1e-6f);
        Assert.Equal([0, none], Check([0, none], 2, 2).LogProbabilities);
        Assert.Equal([float.NaN, float.NaN], Check([none, none], 2, 2).LogProbabilities);
    }

    [Fact]
    public void ARowsBitsDoNotDependOnTheOthersOrTheThreads()
    {
        var random = new Random(2);
        const int width = 1_003, rows = 37;
        var logits = new float[rows * width];
        for (var i = 0; i < logits.Length; i++) logits[i] = 20 * random.NextSingle() - 10;
        using var one = new ThreadTeam(1);
        using var three = new ThreadTeam(3);
        var all = Run(three, logits, width, 6);
        for (var row = 0; row < rows; row++)
        {
            var alone = Run(one, logits[(row * width)..((row + 1) * width)], width, 6);
            Assert.Equal(alone.Ids, all.Ids[(row * 6)..((row + 1) * 6)]);
            Assert.Equal(alone.LogProbabilities, all.LogProbabilities[(row * 6)..((row + 1) * 6)]);
        }
    }

    private static (int[] Ids, float[] LogProbabilities) Check(float[] logits, int width, int k)
    {
        var (ids, logProbabilities) = Run(ThreadTeam.Shared, logits, width, k);
        for (var row = 0; row < logits.Length / width; row++)
        {
            var x = logits[(row * width)..((row + 1) * width)];
            int[] sorted = [.. Enumerable.Range(0, width).OrderBy(i => float.IsNaN(x[i])).ThenByDescending(i => x[i]).Take(k)];
            Assert.Equal(sorted, ids[(row * k)..((row + 1) * k)]);
            var normalizer = x.Max() + Math.Log(x.Sum(v => Math.Exp((double)v - x.Max())));
            if (x.Any(float.IsNaN) || !float.IsFinite(x.Max())) normalizer = double.NaN;
            for (var i = 0; i < k; i++)
            {
                var (expected, actual) = (x[sorted[i]] - normalizer, logProbabilities[row * k + i]);
                if (double.IsFinite(expected)) Assert.Equal(expected, actual, 4e-6); // rounded a few times at up to 20
                else Assert.Equal((float)expected, actual);
            }
        }
        return (ids, logProbabilities);
    }

    private static (int[] Ids, float[] LogProbabilities) Run(ThreadTeam team, float[] logits, int width, int k)
    {
        var rows = logits.Length / width;
        var (ids, logProbabilities) = (new int[rows * k], new float[rows * k]);
        Array.Fill(ids, -7);
        fixed (float* x = logits, p = logProbabilities)
        fixed (int* i = ids) TopLogProbabilities.Select(team, x, rows, width, k, i, p);
        return (ids, logProbabilities);
    }
}
