namespace Multihead.Text.Metrics;

/// <summary>BLEU from its counts, with the corner cases settled as sacreBLEU settles them.</summary>
internal static class BleuFormula
{
    /// <param name="matches">[order]: matched n-grams.</param>
    /// <param name="totals">[order]: n-grams of the hypotheses.</param>
    /// <param name="hypothesisLength">Tokens of the hypotheses.</param>
    /// <param name="referenceLength">Tokens of the references.</param>
    /// <param name="options">The smoothing and whether the order is effective.</param>
    /// <param name="signature">What the score shall say of how it was counted.</param>
    public static BleuScore Score(
        ReadOnlySpan<long> matches, ReadOnlySpan<long> totals, long hypothesisLength, long referenceLength, BleuOptions options,
        string signature)
    {
        var precisions = new double[matches.Length];
        var brevity = hypothesisLength >= referenceLength ? 1
            : hypothesisLength == 0 ? 0
            : Math.Exp(1 - (double)referenceLength / hypothesisLength);
        var score = matches.ContainsAnyExcept(0L)
            ? brevity * GeometricMean(precisions.AsSpan(0, Precisions(matches, totals, options, precisions)))
            : 0; // whatever the smoothing, no match at all is worth nothing
        return new BleuScore
        {
            Score = score,
            Precisions = precisions,
            BrevityPenalty = brevity,
            HypothesisLength = hypothesisLength,
            ReferenceLength = referenceLength,
            Signature = signature,
        };
    }

    /// <summary>Fills in the smoothed precisions, 0 to 100, and returns how many orders the mean is over.</summary>
    private static int Precisions(ReadOnlySpan<long> matches, ReadOnlySpan<long> totals, BleuOptions options, double[] precisions)
    {
        var value = options.SmoothingValueOrDefault;
        var missed = 1.0;
        for (var i = 0; i < precisions.Length; i++)
        {
            var added = options.Smoothing == BleuSmoothing.AddK && i > 0 ? value : 0;
            var (matched, total) = (matches[i] + added, totals[i] + added);
            if (total == 0) return options.EffectiveOrder ? i : precisions.Length;
            if (matched == 0 && options.Smoothing == BleuSmoothing.Exponential) matched = 1 / (missed *= 2);
            else if (matched == 0 && options.Smoothing == BleuSmoothing.Floor) matched = value;
            precisions[i] = 100 * matched / total;
        }
        return precisions.Length;
    }

    private static double GeometricMean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += Math.Log(value); // of 0: minus infinity, and the mean is 0
        return Math.Exp(sum / values.Length);
    }
}
