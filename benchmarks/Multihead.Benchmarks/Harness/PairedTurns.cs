namespace Multihead.Benchmarks.Harness;

/// <summary>Two contestants by turns, A B A B: what disturbs the machine for longer than a turn disturbs both.</summary>
internal static class PairedTurns
{
    /// <summary>Speeds in steps a second, of ours and theirs, a pair each.</summary>
    public static IReadOnlyList<(double Ours, double Theirs)> Measure(Child ours, Child theirs, TimeSpan turn, int pairs)
    {
        var speeds = new (double, double)[pairs];
        for (var i = 0; i < pairs; i++) speeds[i] = (ours.Turn(turn), theirs.Turn(turn));
        return speeds;
    }

    /// <summary>The middle value; of an even number the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
