namespace Multihead.Inference.Decoding.Sampling;

/// <summary>Keeps the fewest candidates that hold the probability p, taken by how near their information, -log p, is to the
/// distribution's entropy: text as surprising as the model expects, neither dull nor odd. Meister et al. 2022,
/// https://arxiv.org/abs/2202.00666.</summary>
internal static class LocallyTypical
{
    /// <param name="candidates">Ranked by typicality afterwards.</param>
    /// <param name="p">Above 0; 1 turns it off.</param>
    public static void Apply(Candidates candidates, double p)
    {
        if (p >= 1) return;
        var total = candidates.TotalWeight();
        var meanLogWeight = 0.0;
        foreach (ref readonly var item in candidates.Items)
            if (item.Weight > 0) meanLogWeight += item.Weight / total * item.LogWeight; // 0 log 0 is 0
        candidates.Rank(new Typicality(meanLogWeight));
        candidates.KeepShare(p);
    }

    // |log p + entropy|: the constant between log-weight and log p is in both and falls out.
    private readonly struct Typicality(double meanLogWeight) : ICandidateKey
    {
        public double Of(in Candidate candidate) => -Math.Abs(candidate.LogWeight - meanLogWeight);
    }
}
