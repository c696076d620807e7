namespace Multihead.Inference;

/// <summary>How probable a text is.</summary>
/// <param name="Tokens">The tokens that were predicted.</param>
/// <param name="LogProbabilities">Of each, in nats.</param>
public sealed record TextScore(IReadOnlyList<int> Tokens, IReadOnlyList<double> LogProbabilities)
{
    /// <summary>Of the whole text, in nats.</summary>
    public double LogProbability { get; } = LogProbabilities.Sum();

    /// <summary>exp(-log-probability / tokens); not a number where there are none.</summary>
    public double Perplexity => Math.Exp(-LogProbability / LogProbabilities.Count);
}
