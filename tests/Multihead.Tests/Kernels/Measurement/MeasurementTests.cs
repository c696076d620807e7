using System.Diagnostics;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Measurement;

public class MeasurementTests
{
    [Fact]
    public void PeakIsAboveWhatOneChainOfScalarsReachesAndBelowAnyProcessor()
    {
        using var alone = new ThreadTeam(1);
        var peak = PeakFlops.Measure(alone);
        // One chain waits for each result before it starts the next; 14 chains of vectors are many times faster, and three
        // times leaves room for a machine that others use at the same moment.
        Assert.InRange(peak, 3 * OneScalarChain(), 2_000);
    }

    [Fact]
    public void Bf16DoesTwoMultiplyAddsForOneOfFp32()
    {
        if (!ProductFormats.Served.Contains(ProductFormat.Bf16)) Assert.Skip("no bf16 multiply-adds here");
        using var alone = new ThreadTeam(1);
        // Twice as many on the processors so far; wide of it, since others use the machine meanwhile.
        var ratio = PeakFlops.Measure(alone, ProductFormat.Bf16) / PeakFlops.Measure(alone);
        Assert.InRange(ratio, 0.5, 8);
    }

    [Fact]
    public void BandwidthOfAFewPartsIsPlausible()
    {
        using var team = new ThreadTeam(2);
        Assert.InRange(ReadBandwidth.Measure(team, 64L << 20), 0.1, 10_000); // GB/s; caches may hold these 64 MiB
    }

    private static double OneScalarChain()
    {
        const int Steps = 10_000_000;
        var value = 0.5f;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Steps; i++) value = float.MultiplyAddEstimate(value, 0.5f, 0.5f);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.Equal(1f, value, 1e-6f); // the fixed point of x / 2 + 1 / 2, up to rounding
        return 2.0 * Steps / seconds / 1e9;
    }
}
