namespace Multihead.Inference;

/// <summary>How to search for a translation.</summary>
public sealed record TranslationOptions
{
    internal const int MostBeams = 256;

    /// <summary>Beams: partial translations kept side by side. 1 is greedy search; the paper uses 4.</summary>
    public int BeamSize { get; init; } = 4;

    /// <summary>Alpha of the length penalty ((5 + length) / 6)^alpha that log-probabilities are divided by: Wu et al., 2016,
    /// https://arxiv.org/abs/1609.08144, equation 14. 0 turns it off; the paper uses 0.6.</summary>
    public double LengthPenalty { get; init; } = 0.6;

    /// <summary>How many translations to return, best first; at most the beam size.</summary>
    public int BestCount { get; init; } = 1;

    /// <summary>Longest output: the source's tokens and so many more, end marks included, as in the paper, section 6.1; never
    /// more than the model's longest. An output that reaches it is cut there.</summary>
    public int MaxExtraTokens { get; init; } = 50;

    /// <exception cref="ArgumentOutOfRangeException">A value cannot be meant.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BeamSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BeamSize, MostBeams);
        ArgumentOutOfRangeException.ThrowIfLessThan(BestCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BestCount, BeamSize);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxExtraTokens);
        if (LengthPenalty is not (>= 0 and <= 100)) // NaN neither
            throw new ArgumentOutOfRangeException(nameof(LengthPenalty), LengthPenalty, "must be from 0 to 100");
    }
}
