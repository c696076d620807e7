namespace Multihead.Inference.Decoding.Sampling;

/// <summary>Keeps the nucleus: the fewest most probable candidates that hold the probability p. Holtzman et al. 2020,
/// https://arxiv.org/abs/1904.09751.</summary>
internal static class TopP
{
    /// <param name="candidates">Ranked by probability.</param>
    /// <param name="p">Above 0; 1 turns it off.</param>
    public static void Apply(Candidates candidates, double p)
    {
        if (p < 1) candidates.KeepShare(p);
    }
}
