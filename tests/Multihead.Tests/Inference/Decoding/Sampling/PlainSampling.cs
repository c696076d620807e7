using Multihead.Inference;

namespace Multihead.Tests.Inference.Decoding.Sampling;

/// <summary>The distribution that the options leave, in double, by sorting everything.</summary>
internal static class PlainSampling
{
    public static double[] Distribution(float[] logits, int[] history, SamplingOptions options)
    {
        var p = Normalized([.. logits.Select((x, id) => Math.Exp(Penalized(x, history.Count(t => t == id)) / options.Temperature))]);
        double Penalized(double x, int count) => count == 0 ? x
            : (x > 0 ? x / options.RepetitionPenalty : x * options.RepetitionPenalty)
                - options.PresencePenalty - count * options.FrequencyPenalty;
        if (options.TopK > 0) p = Only(p, Order(p, x => -x).Take(options.TopK));
        p = Only(p, Share(p, Order(p, x => -x), options.TopP));
        p = Only(p, Order(p, x => -x).Where(id => p[id] >= options.MinP * p.Max()));
        var entropy = -p.Where(x => x > 0).Sum(x => x * Math.Log(x));
        return Only(p, Share(p, Order(p, x => Math.Abs(-Math.Log(x) - entropy)), options.TypicalP));
    }

    private static IEnumerable<int> Order(double[] p, Func<double, double> key) =>
        Enumerable.Range(0, p.Length).Where(id => p[id] > 0).OrderBy(id => key(p[id])).ToArray();

    private static IEnumerable<int> Share(double[] p, IEnumerable<int> order, double share)
    {
        var held = 0.0;
        return order.TakeWhile(id => { var more = held < share; held += p[id]; return more; }).ToArray();
    }

    private static double[] Only(double[] p, IEnumerable<int> kept)
    {
        var ids = kept.ToHashSet();
        return Normalized([.. p.Select((x, id) => ids.Contains(id) ? x : 0)]);
    }

    private static double[] Normalized(double[] p) => [.. p.Select(x => x / p.Sum())];
}
