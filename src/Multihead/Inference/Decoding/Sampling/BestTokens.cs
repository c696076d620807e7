using Multihead.Kernels.Selection;
using Multihead.Kernels.Threading;

namespace Multihead.Inference.Decoding.Sampling;

/// <summary>The most probable tokens of a step with their log-probabilities, and the log-probability of any other.</summary>
internal sealed unsafe class BestTokens(int count)
{
    private readonly int[] _ids = new int[count];
    private readonly float[] _logProbabilities = new float[count];
    private float _max;

    /// <summary>[count]: best first; among equals the lower number first.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>[count], in nats.</summary>
    public ReadOnlySpan<float> LogProbabilities => _logProbabilities;

    /// <param name="logits">[vocabulary], at least as many as the count.</param>
    /// <exception cref="MultiheadException">The logits say nothing of what comes next.</exception>
    public void Read(ReadOnlySpan<float> logits)
    {
        fixed (float* x = logits, p = _logProbabilities)
        fixed (int* ids = _ids)
            TopLogProbabilities.Select(ThreadTeam.Shared, x, 1, logits.Length, count, ids, p);
        if (float.IsNaN(_logProbabilities[0]))
            throw new MultiheadException("The model's logits hold NaN, infinity, or no token that may follow, so that nothing "
                + "can be drawn from them; check the checkpoint's weights and what constrains the text.");
        _max = logits[_ids[0]];
    }

    /// <summary>The log-probability of a token whose logit was so, in nats.</summary>
    public float LogProbabilityOf(float logit) => logit - _max + _logProbabilities[0];
}
