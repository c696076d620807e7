using System.Globalization;

namespace Multihead.Cli.Tests;

/// <summary>How much longer than usual the long tests may take: MULTIHEAD_TEST_SCALE, 1 by default.</summary>
internal static class TestScale
{
    public static double Value { get; } =
        double.TryParse(Environment.GetEnvironmentVariable("MULTIHEAD_TEST_SCALE"), CultureInfo.InvariantCulture, out var scale) ? scale : 1;

    /// <summary>So many at scale 1; never less.</summary>
    public static int Of(int count) => (int)Math.Max(count, count * Value);
}
