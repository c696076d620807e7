using System.Globalization;

namespace Multihead.Benchmarks.Harness;

/// <summary>The most memory of this process that has been resident at once.</summary>
internal static class PeakMemory
{
    /// <summary>In units of 10^6 bytes, as Linux counts it (VmHWM): pages of mapped files included.</summary>
    public static double Megabytes()
    {
        const string key = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        var kibibytes = line[key.Length..].Replace("kB", "", StringComparison.Ordinal);
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
