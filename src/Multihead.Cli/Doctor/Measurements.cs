using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Cli.Doctor;

/// <summary>What the machine was seen to do.</summary>
/// <param name="Threads">How many threads were at work in the figures for all.</param>
/// <param name="PeakOneThread">fp32 multiply-adds, GFLOP/s, one thread.</param>
/// <param name="PeakAllThreads">The same with all threads.</param>
/// <param name="PeakBf16">bf16 multiply-adds with all threads, GFLOP/s; null where the processor has none.</param>
/// <param name="ReadGigabytes">Memory read with all threads, 10^9 bytes a second.</param>
internal sealed record Measurements(int Threads, double PeakOneThread, double PeakAllThreads, double? PeakBf16,
    double ReadGigabytes)
{
    private const long BlockBytes = 1L << 30;

    /// <summary>Measures on the process's thread team; about a second.</summary>
    public static Measurements Take(MachineMemory memory, CancellationToken cancellation)
    {
        var team = ThreadTeam.Shared;
        using var alone = new ThreadTeam(1);
        var one = PeakFlops.Measure(alone);
        cancellation.ThrowIfCancellationRequested();
        var all = team.ThreadCount == 1 ? one : PeakFlops.Measure(team);
        double? bf16 = Bf16Peak.IsSupported ? PeakFlops.Measure(team, ProductFormat.Bf16) : null;
        cancellation.ThrowIfCancellationRequested();
        var read = ReadBandwidth.Measure(team, Math.Min(BlockBytes, memory.Available / 4));
        return new Measurements(team.ThreadCount, one, all, bf16, read);
    }
}
