using System.Globalization;

namespace Multihead.Cli.Doctor;

/// <summary>The memory that this process may use, in bytes.</summary>
/// <param name="Total">All of the machine's, or the container's limit.</param>
/// <param name="Available">What is free or can be freed without swapping.</param>
internal sealed record MachineMemory(long Total, long Available)
{
    private const string LinuxFile = "/proc/meminfo";

    /// <summary>Looks now.</summary>
    public static MachineMemory Read()
    {
        GC.Collect(); // the runtime looks at the load of the machine when it collects
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        var total = info.TotalAvailableMemoryBytes;
        return new MachineMemory(total, Math.Min(total, ReadLinux() ?? total - info.MemoryLoadBytes));
    }

    private static long? ReadLinux()
    {
        if (!File.Exists(LinuxFile)) return null;
        // "MemAvailable:   24012345 kB"
        var line = File.ReadLines(LinuxFile).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var kilobytes, ..] && long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var value)
            ? value * 1024
            : null;
    }
}
