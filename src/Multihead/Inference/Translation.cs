namespace Multihead.Inference;

/// <summary>One way to translate a text.</summary>
/// <param name="Text">The translation.</param>
/// <param name="Score">Log-probability divided by the length penalty: what the search maximises.</param>
/// <param name="LogProbability">The sum over its tokens, the end mark included, in nats.</param>
public sealed record Hypothesis(string Text, double Score, double LogProbability);

/// <summary>What became of a text.</summary>
/// <param name="Hypotheses">Best first; at least one.</param>
public sealed record Translation(IReadOnlyList<Hypothesis> Hypotheses)
{
    /// <summary>The best translation.</summary>
    public string Text => Hypotheses[0].Text;

    /// <summary>The score of the best.</summary>
    public double Score => Hypotheses[0].Score;
}
