using System.Globalization;

namespace Multihead.Cli.Tests;

/// <summary>How much longer than usual the long tests may take: MULTIHEAD_TEST_SCALE, 1 by default.</summary>
internal static class TestScale
{
    public static double Value { get; } =
        double.Parse(Environment.GetEnvironmentVariable("MULTIHEAD_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>So many at scale 1; never less.</summary>
    public static int Of(int count) => (int)Math.Max(count, count * Value);
}
