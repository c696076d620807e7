using System.Globalization;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;
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
        List<Case> cases = [];
        foreach (var peak in peaks)
        {
            foreach (var length in Lengths)
            {
                var seconds = AttentionSpeed.MedianSeconds(team, length, Heads, HeadDim, peak.Format, TimePerCase,
                    invocation.Cancellation);
                cases.Add(new Case(length, peak.Format, seconds, 1e9 * peak.AllThreads, 1e9 * measured.ReadGigabytes));
                progress.Report(cases.Count);
            }
        }
        progress.Finish();
        Tables.Write(invocation.Output, ["length", "precision", "GFLOP/s", "share", "of"],
            [.. cases.Select(c => new[]
            {
                c.Length.ToString(CultureInfo.InvariantCulture), c.Format.Name(), Text(c.Flops / 1e9, "F0"), Text(c.Share, "F2"),
                c.Binds,
            })]);
        if (invocation.Get(JsonOption.Instance)) invocation.Output.Json(json =>
        {
            json.WriteNumber("threads", team.ThreadCount);
            json.WriteStartArray("cases");
            foreach (var one in cases)
            {
                json.WriteStartObject();
                json.WriteNumber("length", one.Length);
                json.WriteString("precision", one.Format.Name());
                json.WriteNumber("gflops", Math.Round(one.Flops / 1e9, 1));
                json.WriteNumber("ceilingGflops", Math.Round(one.Ceiling / 1e9, 1));
                json.WriteNumber("share", Math.Round(one.Share, 4));
                json.WriteString("binds", one.Binds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>One length and its ceiling: the processor's, or what moving every matrix once a pass would allow.</summary>
    private sealed record Case(int Length, ProductFormat Format, double Seconds, double Peak, double Read)
    {
        public double Flops => AttentionSpeed.Flops(Length, Heads, HeadDim) / Seconds;

        public double Ceiling => Math.Min(Peak, ByMemory);

        public double Share => Flops / Ceiling;

        public string Binds => Peak <= ByMemory ? "arithmetic" : "memory";

        private double ByMemory =>
            AttentionSpeed.Flops(Length, Heads, HeadDim) / AttentionSpeed.Bytes(Length, Heads, HeadDim) * Read;
    }
}
