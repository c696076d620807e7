using Multihead.Kernels.Attention;

namespace Multihead.Tests.Tensors.Plain;

/// <summary>Multi-head attention with its whole matrix of weights, in loops over doubles.</summary>
internal static class PlainAttention
{
    /// <param name="query">[query rows, heads * headDim].</param>
    /// <param name="key">[key rows, keyValueHeads * headDim].</param>
    /// <param name="value">As the keys.</param>
    /// <param name="heads">Heads of the query.</param>
    /// <param name="keyValueHeads">Heads of keys and values.</param>
    /// <param name="causal">Whether later keys are hidden.</param>
    /// <param name="spans">Which rows attend to which.</param>
    /// <param name="factor">The dropout factor of (query row, head, key of the span).</param>
    /// <param name="window">How many keys a query sees at most; 0 for all.</param>
    /// <param name="scale">What logits are multiplied by; 1 / sqrt(headDim) unless given.</param>
    /// <param name="cap">Logits become cap * tanh(logit / cap); 0 where they are not capped.</param>
    public static PlainMatrix Apply(PlainMatrix query, PlainMatrix key, PlainMatrix value, int heads, int keyValueHeads,
        bool causal, ReadOnlySpan<AttentionSpan> spans, Func<int, int, int, double> factor, int window = 0, double? scale = null,
        double cap = 0)
    {
        var y = new PlainMatrix(query.Rows, query.Columns);
        var dim = query.Columns / heads;
        var factorOfLogits = scale ?? 1 / Math.Sqrt(dim);
        foreach (var span in spans)
            for (var head = 0; head < heads; head++)
                for (var i = 0; i < span.QueryCount; i++)
                {
                    var (row, column) = (span.QueryStart + i, head / (heads / keyValueHeads) * dim);
                    var weights = new double[causal ? span.KeyCount - span.QueryCount + i + 1 : span.KeyCount];
                    for (var j = window > 0 ? Math.Max(0, weights.Length - window) : 0; j < weights.Length; j++)
                    {
                        for (var d = 0; d < dim; d++)
                            weights[j] += query[row, head * dim + d] * key[span.KeyStart + j, column + d];
                        var logit = weights[j] * factorOfLogits;
                        weights[j] = Math.Exp(cap > 0 ? cap * Math.Tanh(logit / cap) : logit);
                    }
                    var sum = weights.Sum();
                    for (var j = 0; j < weights.Length; j++)
                        for (var d = 0; d < dim; d++)
                            y[row, head * dim + d] +=
                                weights[j] / sum * factor(row, head, j) * value[span.KeyStart + j, column + d];
                }
        return y;
    }
}
