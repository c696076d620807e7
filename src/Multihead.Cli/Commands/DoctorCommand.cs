using System.Text.Json;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;
using static System.FormattableString;

namespace Multihead.Cli.Commands;

/// <summary>Shows what this machine is and what it can do.</summary>
internal sealed class DoctorCommand : ToolCommand
{
    public DoctorCommand() : base("doctor", "Show the processor, what it can do (measured), memory and versions.") =>
        Add(JsonOption.Instance);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["multihead doctor", "multihead doctor --json"];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var memory = MachineMemory.Read();
        var measured = Measurements.Take(memory, invocation.Cancellation);
        Tables.WriteFacts(invocation.Output, [.. Facts(memory, measured)]);
        if (invocation.Get(JsonOption.Instance))
            invocation.Output.Json(json => WriteJson(memory, measured, json));
    }

    private static IEnumerable<(string, string)> Facts(MachineMemory memory, Measurements measured)
    {
        yield return ("multihead", Versions.Tool);
        yield return ("processor", Processor.Name);
        yield return ("threads", Invariant($"{measured.Threads} of {Environment.ProcessorCount} processors"));
        if (Caches.Text is { Length: > 0 } caches) yield return ("caches", caches);
        foreach (var set in InstructionSet.List()) yield return (set.Name, set.State);
        yield return ("kernels", SimdPath.Name);
        foreach (var peak in measured.Peaks)
        {
            var name = peak.Format.Name();
            yield return ($"{name} peak, 1 thread", Invariant($"{peak.OneThread:F0} GFLOP/s"));
            if (measured.Threads > 1)
                yield return (Invariant($"{name} peak, {measured.Threads} threads"), Invariant($"{peak.AllThreads:F0} GFLOP/s"));
        }
        yield return ("memory read", Invariant($"{measured.ReadGigabytes:F1} GB/s"));
        yield return ("memory", $"{ByteSize.Text(memory.Available)} available of {ByteSize.Text(memory.Total)}");
        yield return ("runtime", Versions.Runtime);
        yield return ("SDK", Versions.Sdk() ?? "none found");
        yield return ("system", Versions.System);
    }

    private static void WriteJson(MachineMemory memory, Measurements measured, Utf8JsonWriter json)
    {
        json.WriteString("version", Versions.Tool);
        json.WriteString("processor", Processor.Name);
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteNumber("threads", measured.Threads);
        Caches.WriteJson(json);
        json.WriteStartObject("instructionSets");
        foreach (var set in InstructionSet.List()) json.WriteString(set.Name, set.State);
        json.WriteEndObject();
        json.WriteString("kernels", SimdPath.Name);
        foreach (var peak in measured.Peaks)
        {
            var name = peak.Format switch
            {
                ProductFormat.Fp32 => "peak",
                ProductFormat.Bf16 => "peakBf16",
                _ => "peakInt8",
            };
            json.WriteNumber($"{name}GflopsOneThread", Math.Round(peak.OneThread, 1));
            json.WriteNumber($"{name}Gflops", Math.Round(peak.AllThreads, 1));
        }
        json.WriteNumber("readGigabytesPerSecond", Math.Round(measured.ReadGigabytes, 1));
        json.WriteNumber("memoryBytes", memory.Total);
        json.WriteNumber("memoryAvailableBytes", memory.Available);
        json.WriteString("runtime", Versions.Runtime);
        json.WriteString("sdk", Versions.Sdk());
        json.WriteString("system", Versions.System);
    }
}
