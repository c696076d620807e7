using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Benchmarks.Harness;

/// <summary>What the processor multiplies at most: the best that a loop of registers, or any work of ours, has reached so far in
/// this run.</summary>
internal sealed class Ceilings
{
    private readonly ThreadTeam _team = new(BenchmarkCase.Threads);
    private readonly Dictionary<string, double> _best = [];

    /// <summary>Runs the loop of every format that is served here, about a quarter of a second each.</summary>
    public void Measure()
    {
        foreach (var format in ProductFormats.Served) Saw(format.Name(), 1e9 * PeakFlops.Measure(_team, format));
    }

    /// <summary>Work has run at so many operations a second.</summary>
    public void Saw(string precision, double flops) => _best[precision] = Math.Max(_best.GetValueOrDefault(precision), flops);

    /// <summary>Operations a second.</summary>
    public double Of(string precision) => _best[precision];
}
