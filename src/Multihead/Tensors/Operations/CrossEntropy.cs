using Multihead.Kernels.Losses;
using Multihead.Kernels.Reductions;

namespace Multihead.Tensors.Operations;

/// <summary>What a batch of predictions cost: sums over its tokens, in nats.</summary>
/// <param name="Loss">With label smoothing: what is minimised.</param>
/// <param name="NegativeLogLikelihood">Without: what perplexity is the exponential of.</param>
/// <param name="Tokens">How many tokens were predicted.</param>
internal readonly record struct LossSum(double Loss, double NegativeLogLikelihood, long Tokens)
{
    public static LossSum operator +(LossSum a, LossSum b) =>
        new(a.Loss + b.Loss, a.NegativeLogLikelihood + b.NegativeLogLikelihood, a.Tokens + b.Tokens);
}

/// <summary>The vocabulary product, softmax and label-smoothed cross-entropy in one, chunk by chunk, so that the logits of a
/// batch never exist as a whole; the gradients are made on the way forward. hidden: [tokens, dim]; table: [vocabulary, dim].
/// </summary>
internal static unsafe class CrossEntropy
{
    /// <param name="w">Where to compute; with a tape, gradients are written.</param>
    /// <param name="hidden">The decoder's last layer.</param>
    /// <param name="table">The output embedding.</param>
    /// <param name="bias">[vocabulary], or none.</param>
    /// <param name="targets">The token that each row should predict.</param>
    /// <param name="smoothing">Label smoothing, section 5.4.</param>
    /// <param name="gradientScale">What the sum over tokens is multiplied with before it is differentiated.</param>
    public static LossSum Apply(Workspace w, Tensor hidden, Weight table, Weight? bias, ReadOnlySpan<int> targets,
        float smoothing, float gradientScale)
    {
        var kept = w.Keep(targets);
        var losses = w.Arena.Take<float>(2L * hidden.Rows);
        float* sum = null, dtable = null, dbias = null;
        var accumulate = false;
        if (w.Tape is not null)
        {
            sum = w.OpenGradient(hidden, out accumulate);
            dtable = w.OpenGradientToAdd(table.Tensor);
            if (bias is not null) dbias = w.OpenGradientToAdd(bias.Tensor);
        }
        var mark = w.Arena.Mark();
        var dhidden = accumulate ? w.Arena.Take<float>(hidden.Count) : sum; // another loss of the same rows may have come before
        var scratch = w.Arena.Take<float>(LinearCrossEntropy.ScratchFloats(hidden.Rows, hidden.Columns, table.Rows,
            gradients: w.Tape is not null, w.ProductFormat));
        LinearCrossEntropy.Forward(w.Team, hidden.Data, table.Operand(w.ProductFormat),
            bias == null ? null : bias.Tensor.Data, kept, losses, losses + hidden.Rows, dhidden, dtable, dbias, hidden.Rows,
            hidden.Columns, table.Rows, smoothing, gradientScale, -1, scratch, w.ProductFormat);
        if (accumulate) VectorAdd.Accumulate(w.Team, dhidden, sum, hidden.Count);
        w.Arena.Release(mark);
        return new LossSum(Sum(losses, hidden.Rows), Sum(losses + hidden.Rows, hidden.Rows), hidden.Rows);
    }

    private static double Sum(float* values, int count)
    {
        double sum = 0;
        for (var i = 0; i < count; i++) sum += values[i];
        return sum;
    }
}
