namespace Multihead.Tests.Inference.Decoding.Sampling;

/// <summary>The definitions of sampling's filters, written as in the papers: whole sorted distributions in double.</summary>
internal static class PlainSampling
{
    public static double[] Softmax(IReadOnlyList<double> logits)
    {
        var max = logits.Max();
        var weights = logits.Select(logit => Math.Exp(logit - max)).ToArray();
        return Normalized(weights);
    }

    public static double[] TopK(double[] p, int k) => Keep(p, ByProbability(p).Take(k));

    public static double[] TopP(double[] p, double share) => Keep(p, Share(p, ByProbability(p), share));

    public static double[] MinP(double[] p, double part) =>
        Keep(p, Enumerable.Range(0, p.Length).Where(i => p[i] >= part * p.Max()));

    public static double[] Typical(double[] p, double share)
    {
        var entropy = -p.Where(x => x > 0).Sum(x => x * Math.Log(x));
        var order = Enumerable.Range(0, p.Length).Where(i => p[i] > 0).OrderBy(i => Math.Abs(-Math.Log(p[i]) - entropy));
        return Keep(p, Share(p, order, share));
    }

    /// <summary>Hugging Face's repetition penalty, then OpenAI's two.</summary>
    public static double[] Penalized(double[] logits, int[] history, double repetition, double presence, double frequency) =>
        [.. logits.Select((logit, id) =>
        {
            var count = history.Count(token => token == id);
            if (count == 0) return logit;
            return (logit < 0 ? logit * repetition : logit / repetition) - presence - frequency * count;
        })];

    private static IEnumerable<int> ByProbability(double[] p) => Enumerable.Range(0, p.Length).OrderByDescending(i => p[i]);

    private static List<int> Share(double[] p, IEnumerable<int> order, double share)
    {
        var (kept, held) = (new List<int>(), 0.0);
        foreach (var i in order)
        {
            if (kept.Count > 0 && held >= share) break;
            kept.Add(i);
            held += p[i];
        }
        return kept;
    }

    private static double[] Keep(double[] p, IEnumerable<int> ids)
    {
        var kept = new double[p.Length];
        foreach (var i in ids) kept[i] = p[i];
        return Normalized(kept);
    }

    private static double[] Normalized(double[] weights)
    {
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
