using System.Globalization;

namespace Multihead.Tests;

/// <summary>How long the long random loops are: MULTIHEAD_TEST_SCALE times as long as usual.</summary>
internal static class TestScale
{
    private static readonly double Factor =
        double.Parse(Environment.GetEnvironmentVariable("MULTIHEAD_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>The number of rounds for what is usually <paramref name="count"/>; one at least.</summary>
    public static int Rounds(int count) => Math.Max(1, (int)(count * Factor));
}
