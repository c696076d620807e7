using System.Globalization;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Cli.Commands;

/// <summary>Measures the ceilings of this machine: multiply-adds that touch no memory, and memory that is only read.</summary>
internal sealed class BenchPeakCommand : ToolCommand
{
    public BenchPeakCommand() : base("peak", "Measure what the processor and the memory do at most.") => Add(JsonOption.Instance);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["multihead bench peak", "multihead bench peak --threads 1 --json"];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var team = ThreadTeam.Shared;
        using var alone = new ThreadTeam(1);
        var peaks = Enum.GetValues<ProductFormat>().Where(Serves).Select(format =>
            (Name: BenchGemmCommand.NameOf(format), One: PeakFlops.Measure(alone, format), All: PeakFlops.Measure(team, format)))
            .ToArray();
        invocation.Cancellation.ThrowIfCancellationRequested();
        var read = ReadBandwidth.Measure(team, Math.Min(1L << 30, MachineMemory.Read().Available / 4));
        Tables.WriteFacts(invocation.Output,
        [
            .. peaks.Select(peak => (peak.Name, Text($"{peak.One:F0} GFLOP/s with 1 thread, {peak.All:F0} with {team.ThreadCount}"))),
            ("memory read", Text($"{read:F1} GB/s with {team.ThreadCount} threads")),
        ]);
        if (!invocation.Get(JsonOption.Instance)) return;
        invocation.Output.Json(json =>
        {
            json.WriteNumber("threads", team.ThreadCount);
            foreach (var peak in peaks)
            {
                json.WriteStartObject(peak.Name);
                json.WriteNumber("gflopsOneThread", Math.Round(peak.One, 1));
                json.WriteNumber("gflops", Math.Round(peak.All, 1));
                json.WriteEndObject();
            }
            json.WriteNumber("readGigabytesPerSecond", Math.Round(read, 1));
        });
    }

    private static bool Serves(ProductFormat format) => format == ProductFormat.Fp32 || Bf16Peak.IsSupported;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
