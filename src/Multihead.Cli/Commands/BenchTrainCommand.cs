using System.CommandLine;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;
using Multihead.Training;
using Multihead.Training.Benchmarks;
using static System.FormattableString;

namespace Multihead.Cli.Commands;

/// <summary>Measures whole steps of learning against the ceilings that the same run has found.</summary>
internal sealed class BenchTrainCommand : ToolCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    private readonly Option<string> _preset = ChoiceOption.Create("--preset", "Model and batch.", [.. TrainingCases.Names]);

    private readonly Option<string> _precision = ChoiceOption.Create("--precision", "Number format of the products' operands.",
        [.. Enum.GetNames<Precision>().Select(name => name.ToLowerInvariant())]);

    public BenchTrainCommand() : base("train", "Measure steps of learning, and their share of what the machine can do.")
    {
        Add(_preset);
        Add(_precision);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
        ["multihead bench train", "multihead bench train --preset gpt --precision fastest --json"];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var team = ThreadTeam.Shared;
        var precision = Enum.Parse<Precision>(invocation.Get(_precision)!, ignoreCase: true);
        var preset = invocation.Get(_preset)!;
        using var work = TrainingCases.Create(preset, precision, team);
        var format = precision.OperandFormat();
        var peakBefore = PeakFlops.Measure(team, format);
        var speed = StepSpeed.Measure(work, WarmUp, Time, invocation.Cancellation);
        var after = Measurements.Take(MachineMemory.Read(), invocation.Cancellation); // its block of memory counts no more
        var peak = Math.Max(peakBefore, after.Peaks.First(p => p.Format == format).AllThreads);
        var roofline = new Roofline(work.Flops, work.Bytes, speed.MedianSeconds, 1e9 * peak, 1e9 * after.ReadGigabytes);
        var (tokens, flops) = (work.Tokens / speed.MedianSeconds, roofline.Speed / 1e9);
        Tables.WriteFacts(invocation.Output,
        [
            ("case", Invariant($"{preset}, {format.Name()}, {work.Parameters.ParameterCount:N0} parameters, {team.ThreadCount} threads")),
            ("tokens/s", Invariant($"{tokens:N0} ({work.Tokens:N0} a step, source and target)")),
            ("step", Invariant($"{1000 * speed.MedianSeconds:F1} ms, the median of {speed.Steps}")),
            ("GFLOP/s", Invariant($"{flops:F0}, {flops / peak:F2} of the peak of {peak:F0}")),
            ("ceiling", Invariant($"{roofline.Binds}: {work.Flops / 1e9:F0} GFLOP and at most {work.Bytes / 1e9:F1} GB a step")),
            ("peak memory", Invariant($"{speed.PeakMemoryBytes / 1e6:F0} MB")),
        ]);
        if (invocation.Get(JsonOption.Instance)) invocation.Output.Json(json =>
        {
            json.WriteString("preset", preset);
            json.WriteString("precision", format.Name());
            json.WriteNumber("threads", team.ThreadCount);
            json.WriteNumber("parameters", work.Parameters.ParameterCount);
            json.WriteNumber("tokensPerStep", work.Tokens);
            json.WriteNumber("tokensPerSecond", Math.Round(tokens, 1));
            json.WriteNumber("stepMilliseconds", Math.Round(1000 * speed.MedianSeconds, 2));
            json.WriteNumber("steps", speed.Steps);
            json.WriteNumber("gflops", Math.Round(flops, 1));
            json.WriteNumber("peakGflops", Math.Round(peak, 1));
            json.WriteNumber("peakShare", Math.Round(flops / peak, 4));
            json.WriteString("binds", roofline.Binds);
            json.WriteNumber("peakMemoryMB", Math.Round(speed.PeakMemoryBytes / 1e6, 1));
        });
    }
}
