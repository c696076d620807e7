namespace Multihead.Text.Metrics;

/// <summary>chrF from its counts: F = (1 + b²) P R / (b² P + R).</summary>
internal static class ChrFFormula
{
    private const double Epsilon = 1e-16;

    /// <param name="counts">[order].</param>
    /// <param name="options">Beta and the kind of average.</param>
    /// <returns>0 to 100.</returns>
    public static double Score(ReadOnlySpan<ChrFCount> counts, ChrFOptions options) =>
        100 * (options.EpsilonSmoothing ? MeanOfScores(counts, options.Beta) : ScoreOfMeans(counts, options.Beta));

    private static double MeanOfScores(ReadOnlySpan<ChrFCount> counts, double beta)
    {
        var sum = 0.0;
        foreach (var count in counts)
        {
            var precision = count.Hypothesis > 0 ? (double)count.Matches / count.Hypothesis : Epsilon;
            var recall = count.Reference > 0 ? (double)count.Matches / count.Reference : Epsilon;
            sum += precision + recall > 0 ? FScore(precision, recall, beta) : Epsilon;
        }
        return sum / counts.Length;
    }

    private static double ScoreOfMeans(ReadOnlySpan<ChrFCount> counts, double beta)
    {
        var (precision, recall, orders) = (0.0, 0.0, 0);
        foreach (var count in counts)
        {
            if (count.Hypothesis == 0 || count.Reference == 0) continue;
            precision += (double)count.Matches / count.Hypothesis;
            recall += (double)count.Matches / count.Reference;
            orders++;
        }
        return precision + recall > 0 ? FScore(precision / orders, recall / orders, beta) : 0;
    }

    private static double FScore(double precision, double recall, double beta) =>
        (1 + beta * beta) * precision * recall / (beta * beta * precision + recall);
}
