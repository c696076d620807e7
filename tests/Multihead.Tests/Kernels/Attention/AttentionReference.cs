using Multihead.Kernels.Attention;

namespace Multihead.Tests.Kernels.Attention;

/// <summary>Attention by plain loops in double precision, with whole matrices of probabilities. Everything that is not
/// written is NaN.</summary>
internal sealed class AttentionReference
{
    private readonly AttentionCase _case;
    private readonly Func<int, int, int, double> _mask;

    /// <param name="of">The inputs.</param>
    /// <param name="mask">The dropout factor of (query row, head, key of the span); null for none.</param>
    public AttentionReference(AttentionCase of, Func<int, int, int, double>? mask = null)
    {
        _case = of;
        _mask = mask ?? ((_, _, _) => 1);
        Output = new double[of.Output.Length];
        LogSumExp = new double[of.LogSumExp.Length];
        Gradients = new double[of.Gradients.Length];
        Array.Fill(Output, double.NaN);
        Array.Fill(LogSumExp, double.NaN);
        Array.Fill(Gradients, double.NaN);
        foreach (var span in of.Spans)
        {
            BeginGradients(span);
            for (var head = 0; head < of.Heads; head++)
                for (var i = 0; i < span.QueryCount; i++) Row(span, head, i);
        }
    }

    public double[] Output { get; }
    public double[] LogSumExp { get; }
    public double[] Gradients { get; }

    private void BeginGradients(AttentionSpan span)
    {
        for (var i = 0; i < span.QueryCount; i++) Gradients.AsSpan(_case.QueryAt(span.QueryStart + i, 0), _case.Width).Clear();
        for (var j = 0; j < span.KeyCount; j++) Gradients.AsSpan(_case.KeyAt(span.KeyStart + j, 0), 2 * _case.KeyWidth).Clear();
    }

    private void Row(AttentionSpan span, int head, int i)
    {
        var row = span.QueryStart + i;
        var keyHead = head / (_case.Heads / _case.KeyValueHeads);
        int query = _case.QueryAt(row, head), output = _case.OutputAt(row, head);
        int Key(int j) => _case.KeyAt(span.KeyStart + j, keyHead);
        int Value(int j) => _case.ValueAt(span.KeyStart + j, keyHead);

        var visible = _case.Causal ? Math.Clamp(span.KeyCount - span.QueryCount + i + 1, 0, span.KeyCount) : span.KeyCount;
        var logits = new double[visible];
        for (var j = 0; j < visible; j++)
            for (var d = 0; d < _case.HeadDim; d++)
                logits[j] += _case.Scale * (double)_case.Inputs[query + d] * _case.Inputs[Key(j) + d];
        var largest = logits.Append(double.NegativeInfinity).Max();
        var sum = logits.Sum(x => Math.Exp(x - largest));
        LogSumExp[row * _case.Heads + head] = visible == 0 ? double.NegativeInfinity : largest + Math.Log(sum);

        var delta = 0.0;
        for (var d = 0; d < _case.HeadDim; d++)
        {
            Output[output + d] = 0;
            for (var j = 0; j < visible; j++)
                Output[output + d] += Math.Exp(logits[j] - largest) / sum * _mask(row, head, j) * _case.Inputs[Value(j) + d];
            delta += Output[output + d] * _case.OutputGradient[output + d];
        }
        for (var j = 0; j < visible; j++)
        {
            var p = Math.Exp(logits[j] - largest) / sum;
            var mask = _mask(row, head, j);
            var toWeight = 0.0;
            for (var d = 0; d < _case.HeadDim; d++)
            {
                toWeight += (double)_case.OutputGradient[output + d] * _case.Inputs[Value(j) + d];
                Gradients[Value(j) + d] += p * mask * _case.OutputGradient[output + d];
            }
            var toLogit = _case.Scale * p * (mask * toWeight - delta);
            for (var d = 0; d < _case.HeadDim; d++)
            {
                Gradients[query + d] += toLogit * _case.Inputs[Key(j) + d];
                Gradients[Key(j) + d] += toLogit * _case.Inputs[query + d];
            }
        }
    }
}
