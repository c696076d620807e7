using System.Globalization;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Cli.Commands;

/// <summary>Measures causal attention, forward and backward, against the ceiling that the same run has found: what the processor
/// multiplies, or what the memory brings.</summary>
internal sealed class BenchAttentionCommand : ToolCommand
{
    private const int Heads = 8;
    private const int HeadDim = 64;

    private static readonly TimeSpan TimePerCase = TimeSpan.FromSeconds(0.7);
    private static readonly int[] Lengths = [256, 512, 1024, 2048, 4096, 8192, 16_384];

    public BenchAttentionCommand() : base("attention",
        "Measure causal attention (8 heads of 64, forward and backward), and its share of what the machine can do.") =>
        Add(JsonOption.Instance);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
        ["multihead bench attention", "multihead bench attention --threads 1 --json"];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var team = ThreadTeam.Shared;
        var measured = Measurements.Take(MachineMemory.Read(), invocation.Cancellation);
        var peaks = measured.Peaks.Where(peak => AttentionSpeed.Formats.Contains(peak.Format)).ToArray();
        var progress = new CountDisplay(invocation.Output, "measured", Lengths.Length * peaks.Length);
        List<SpeedRow> rows = [];
        foreach (var peak in peaks)
        {
            foreach (var length in Lengths)
            {
                var seconds = AttentionSpeed.MedianSeconds(team, length, Heads, HeadDim, peak.Format, TimePerCase,
                    invocation.Cancellation);
                // Memory allows moving every matrix once a pass.
                rows.Add(new SpeedRow(length.ToString(CultureInfo.InvariantCulture), peak.Format, new Roofline(
                    AttentionSpeed.Flops(length, Heads, HeadDim), AttentionSpeed.Bytes(length, Heads, HeadDim), seconds,
                    1e9 * peak.AllThreads, 1e9 * measured.ReadGigabytes)));
                progress.Report(rows.Count);
            }
        }
        progress.Finish();
        SpeedTable.Write(invocation, "length", team.ThreadCount, rows, (json, row) =>
            json.WriteNumber("length", int.Parse(row.Name, CultureInfo.InvariantCulture)));
    }
}
