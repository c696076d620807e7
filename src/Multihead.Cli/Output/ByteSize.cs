using static System.FormattableString;

namespace Multihead.Cli.Output;

/// <summary>Bytes as people read them.</summary>
internal static class ByteSize
{
    /// <summary>In the largest unit that leaves a whole part.</summary>
    public static string Text(long bytes) => bytes switch
    {
        >= 1L << 30 => Invariant($"{bytes / (double)(1L << 30):0.#} GiB"),
        >= 1L << 20 => Invariant($"{bytes / (double)(1L << 20):0.#} MiB"),
        _ => Invariant($"{bytes / (double)(1L << 10):0.#} KiB"),
    };
}
