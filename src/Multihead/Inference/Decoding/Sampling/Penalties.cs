namespace Multihead.Inference.Decoding.Sampling;

/// <summary>Changes the logits of the tokens that there have been: first the repetition penalty, then presence and frequency.
/// </summary>
internal sealed class Penalties(SamplingOptions options, int vocabularySize)
{
    private readonly int[] _counts = new int[vocabularySize]; // all 0 between calls
    private readonly bool _isOn =
        options.RepetitionPenalty != 1 || options.PresencePenalty != 0 || options.FrequencyPenalty != 0;

    /// <param name="logits">[vocabulary], changed in place; minus infinity stays.</param>
    /// <param name="history">The tokens that there have been, with repeats.</param>
    public void Apply(Span<float> logits, ReadOnlySpan<int> history)
    {
        if (!_isOn) return;
        foreach (var token in history) _counts[token]++;
        foreach (var token in history)
        {
            if (_counts[token] == 0) continue; // done
            if (!float.IsNegativeInfinity(logits[token])) logits[token] = Penalized(logits[token], _counts[token]);
            _counts[token] = 0;
        }
    }

    private float Penalized(double logit, int count)
    {
        logit = logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
        logit -= options.PresencePenalty + count * options.FrequencyPenalty;
        return (float)Math.Clamp(logit, float.MinValue, float.MaxValue);
    }
}
