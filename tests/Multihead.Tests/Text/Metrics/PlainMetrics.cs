using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>Both metrics as their definitions tell them, n-grams being strings in dictionaries; of words parted by spaces.
/// </summary>
internal static class PlainMetrics
{
    public static double Bleu(string[] hypotheses, string[][] references, BleuOptions options)
    {
        var (matches, totals) = (new double[options.Order], new double[options.Order]);
        var (length, referenceLength) = (0, 0);
        for (var line = 0; line < hypotheses.Length; line++)
        {
            var tokens = Tokens(hypotheses[line]);
            var others = references.Select(reference => Tokens(reference[line])).ToArray();
            length += tokens.Length;
            referenceLength += others.Select(other => other.Length)
                .OrderBy(other => Math.Abs(other - tokens.Length)).ThenBy(other => other).First();
            for (var n = 1; n <= options.Order; n++)
            {
                var counts = others.Select(other => Counts(other, n)).ToArray();
                foreach (var (gram, count) in Counts(tokens, n))
                {
                    matches[n - 1] += Math.Min(count, counts.Max(other => other.GetValueOrDefault(gram)));
                    totals[n - 1] += count;
                }
            }
        }
        if (matches.All(count => count == 0)) return 0;
        var brevity = length < referenceLength ? Math.Exp(1 - referenceLength / (double)length) : 1;
        var precisions = Precisions(matches, totals, options);
        return brevity * Math.Exp(precisions.Sum(Math.Log) / precisions.Count);
    }

    private static List<double> Precisions(double[] matches, double[] totals, BleuOptions options)
    {
        var (precisions, halvings) = (new List<double>(), 0);
        for (var n = 1; n <= matches.Length; n++)
        {
            var (matched, total) = (matches[n - 1], totals[n - 1]);
            if (options.Smoothing == BleuSmoothing.AddK && n > 1)
                (matched, total) = (matched + (options.SmoothingValue ?? 1), total + (options.SmoothingValue ?? 1));
            if (total == 0 && options.EffectiveOrder) break;
            if (matched == 0 && total > 0)
                matched = options.Smoothing switch
                {
                    BleuSmoothing.Exponential => Math.Pow(0.5, ++halvings),
                    BleuSmoothing.Floor => options.SmoothingValue ?? 0.1,
                    _ => 0,
                };
            precisions.Add(total == 0 ? 0 : 100 * matched / total);
        }
        return precisions;
    }

    public static double ChrF(string[] hypotheses, string[][] references, ChrFOptions options)
    {
        var orders = options.CharacterOrder + options.WordOrder;
        var sums = new (double Hypothesis, double Reference, double Matches)[orders];
        for (var line = 0; line < hypotheses.Length; line++)
        {
            var best = references.Select(reference => Statistics(hypotheses[line], reference[line], options))
                .MaxBy(statistics => FScore(statistics, options))!;
            for (var i = 0; i < orders; i++)
            {
                sums[i].Hypothesis += best[i].Hypothesis;
                sums[i].Reference += best[i].Reference;
                sums[i].Matches += best[i].Matches;
            }
        }
        return FScore(sums, options);
    }

    private static (double Hypothesis, double Reference, double Matches)[] Statistics(
        string hypothesis, string reference, ChrFOptions options)
    {
        return [
            .. Enumerable.Range(1, options.CharacterOrder).Select(n => Compare(Characters(hypothesis), Characters(reference), n)),
            .. Enumerable.Range(1, options.WordOrder).Select(n => Compare(Tokens(hypothesis), Tokens(reference), n)),
        ];

        string[] Characters(string line) =>
            [.. (options.WhiteSpace ? line : line.Replace(" ", "")).EnumerateRunes().Select(rune => rune.ToString())];

        static (double, double, double) Compare(string[] tokens, string[] others, int n)
        {
            var (counts, otherCounts) = (Counts(tokens, n), Counts(others, n));
            return (otherCounts.Count == 0 ? 0 : counts.Values.Sum(), otherCounts.Values.Sum(),
                counts.Sum(gram => Math.Min(gram.Value, otherCounts.GetValueOrDefault(gram.Key))));
        }
    }

    private static double FScore((double Hypothesis, double Reference, double Matches)[] statistics, ChrFOptions options)
    {
        double beta = options.Beta * options.Beta;
        var pairs = statistics.Select(s => (
            Precision: s.Hypothesis > 0 ? s.Matches / s.Hypothesis : 1e-16,
            Recall: s.Reference > 0 ? s.Matches / s.Reference : 1e-16,
            Counts: s.Hypothesis > 0 && s.Reference > 0)).ToArray();
        if (options.EpsilonSmoothing)
            return 100 * pairs.Average(p => p.Precision + p.Recall == 0 ? 1e-16 : F(p.Precision, p.Recall));
        var counted = pairs.Where(p => p.Counts).ToArray();
        if (counted.Length == 0) return 0;
        var (precision, recall) = (counted.Average(p => p.Precision), counted.Average(p => p.Recall));
        return precision + recall == 0 ? 0 : 100 * F(precision, recall);

        double F(double p, double r) => (1 + beta) * p * r / (beta * p + r);
    }

    private static string[] Tokens(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, int> Counts(string[] tokens, int n) =>
        Enumerable.Range(0, Math.Max(0, tokens.Length - n + 1)).Select(start => string.Join(' ', tokens[start..(start + n)]))
            .GroupBy(gram => gram).ToDictionary(gram => gram.Key, gram => gram.Count());
}
