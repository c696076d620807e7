namespace Multihead.Inference.Decoding.Sampling;

/// <summary>Chooses the next token from logits as the options say. One sampler a sequence being generated; it allocates nothing
/// after it is made.</summary>
/// <param name="options">Valid ones.</param>
/// <param name="vocabularySize">Length of the logits.</param>
/// <param name="alternatives">How many of the most probable tokens to tell beside the chosen one; at most the vocabulary's size.
/// </param>
internal sealed class Sampler(SamplingOptions options, int vocabularySize, int alternatives = 0)
{
    private readonly BestTokens _best = new(Math.Max(1, alternatives));
    private readonly Penalties _penalties = new(options, vocabularySize);
    private readonly Candidates _candidates = new(vocabularySize);
    private readonly float[] _original = new float[vocabularySize];

    /// <summary>The log-probability of the token chosen last, in nats, in the distribution of the logits as they were given.
    /// </summary>
    public float LogProbability { get; private set; }

    /// <summary>[alternatives]: the most probable tokens of the last step, best first, in the same distribution.</summary>
    public ReadOnlySpan<int> AlternativeIds => _best.Ids[..alternatives];

    /// <summary>[alternatives]: their log-probabilities.</summary>
    public ReadOnlySpan<float> AlternativeLogProbabilities => _best.LogProbabilities[..alternatives];

    /// <summary>The next token.</summary>
    /// <param name="logits">[vocabulary]; minus infinity forbids a token. Changed in place by penalties.</param>
    /// <param name="history">The tokens that penalties count.</param>
    /// <param name="step">Which random number: 0 for the first token drawn.</param>
    /// <exception cref="MultiheadException">The logits say nothing of what comes next.</exception>
    public int Next(Span<float> logits, ReadOnlySpan<int> history, int step)
    {
        logits.CopyTo(_original);
        _best.Read(logits);
        _penalties.Apply(logits, history);
        var token = options.Temperature == 0 ? Best(logits) : Drawn(logits, step);
        LogProbability = _best.LogProbabilityOf(_original[token]);
        return token;
    }

    private int Drawn(ReadOnlySpan<float> logits, int step)
    {
        _candidates.Reset(logits, options.Temperature);
        TopK.Apply(_candidates, options.TopK);
        TopP.Apply(_candidates, options.TopP);
        MinP.Apply(_candidates, options.MinP);
        LocallyTypical.Apply(_candidates, options.TypicalP);
        return Draw.From(_candidates, options.Seed, step);
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 1; id < logits.Length; id++)
            if (logits[id] > logits[best]) best = id;
        return best;
    }
}
