namespace Multihead.Inference.Decoding.Sampling;

/// <summary>Keeps the k most probable candidates. Fan et al. 2018, https://arxiv.org/abs/1805.04833.</summary>
internal static class TopK
{
    /// <param name="candidates">Ranked by probability.</param>
    /// <param name="k">0 turns it off.</param>
    public static void Apply(Candidates candidates, int k)
    {
        if (k > 0 && k < candidates.Count) candidates.Keep(k);
    }
}
