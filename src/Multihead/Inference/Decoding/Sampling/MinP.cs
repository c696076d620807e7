namespace Multihead.Inference.Decoding.Sampling;

/// <summary>Keeps the candidates at least so probable as a part of the most probable one: few where the model is sure, many
/// where it is not. Nguyen et al. 2024, https://arxiv.org/abs/2407.01082.</summary>
internal static class MinP
{
    /// <param name="candidates">Ranked by probability.</param>
    /// <param name="p">From 0, which turns it off, to 1.</param>
    public static void Apply(Candidates candidates, double p)
    {
        if (p == 0) return;
        var least = candidates.Ranked(0).LogWeight + Math.Log(p);
        var count = 1;
        while (count < candidates.Count && candidates.Ranked(count).LogWeight >= least) count++;
        candidates.Keep(count);
    }
}
