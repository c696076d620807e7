using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Cli.Doctor;

/// <summary>What the machine was seen to do at most.</summary>
/// <param name="Threads">How many threads were at work in the figures for all.</param>
/// <param name="Peaks">Multiply-adds in each format that products have here, fp32 first.</param>
/// <param name="ReadGigabytes">Memory read with all threads, 10^9 bytes a second.</param>
internal sealed record Measurements(int Threads, IReadOnlyList<FormatPeak> Peaks, double ReadGigabytes)
{
    private const long BlockBytes = 1L << 30;

    /// <summary>Measures on the process's thread team; about two seconds.</summary>
    public static Measurements Take(MachineMemory memory, CancellationToken cancellation)
    {
        var team = ThreadTeam.Shared;
        using var alone = new ThreadTeam(1);
        List<FormatPeak> peaks = [];
        foreach (var format in ProductFormats.Served)
        {
            var one = PeakFlops.Measure(alone, format);
            cancellation.ThrowIfCancellationRequested();
            peaks.Add(new FormatPeak(format, one, team.ThreadCount == 1 ? one : PeakFlops.Measure(team, format)));
            cancellation.ThrowIfCancellationRequested();
        }
        return new Measurements(team.ThreadCount, peaks, ReadBandwidth.Measure(team, Math.Min(BlockBytes, memory.Available / 4)));
    }
}

/// <summary>Multiply-adds in a format, GFLOP/s.</summary>
internal sealed record FormatPeak(ProductFormat Format, double OneThread, double AllThreads);
