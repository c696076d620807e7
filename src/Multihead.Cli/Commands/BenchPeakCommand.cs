using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;
using static System.FormattableString;

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
        var measured = Measurements.Take(MachineMemory.Read(), invocation.Cancellation);
        Tables.WriteFacts(invocation.Output,
        [
            .. measured.Peaks.Select(peak => (peak.Format.Name(),
                Invariant($"{peak.OneThread:F0} GFLOP/s with 1 thread, {peak.AllThreads:F0} with {measured.Threads}"))),
            ("memory read", Invariant($"{measured.ReadGigabytes:F1} GB/s with {measured.Threads} threads")),
            ("caches", Caches.Text is { Length: > 0 } caches ? caches : "not told by this processor"),
        ]);
        if (!invocation.Get(JsonOption.Instance)) return;
        invocation.Output.Json(json =>
        {
            json.WriteNumber("threads", measured.Threads);
            foreach (var peak in measured.Peaks)
            {
                json.WriteStartObject(peak.Format.Name());
                json.WriteNumber("gflopsOneThread", Math.Round(peak.OneThread, 1));
                json.WriteNumber("gflops", Math.Round(peak.AllThreads, 1));
                json.WriteEndObject();
            }
            json.WriteNumber("readGigabytesPerSecond", Math.Round(measured.ReadGigabytes, 1));
            Caches.WriteJson(json);
        });
    }
}
