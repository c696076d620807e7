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

    /// <summary>What was computed is within so much of this, in units of the largest value or 1; nothing else was
    /// written.</summary>
    public void AssertClose(AttentionCase of, double tolerance, double gradientTolerance)
    {
        AssertClose(Output, of.Output, tolerance, "output");
        AssertClose(LogSumExp, of.LogSumExp, tolerance, "statistics");
        AssertClose(Gradients, of.Gradients, gradientTolerance, "gradients");
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance, string what)
    {
        var unit = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).Append(0).Max());
        for (var i = 0; i < expected.Length; i++)
            if (double.IsNaN(expected[i])) Assert.Equal(AttentionCase.Untouched, actual[i]);
            else if (!double.IsFinite(expected[i])) Assert.Equal(expected[i], actual[i]);
            else if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * unit))
                Assert.Fail($"{what} at {i}: expected {expected[i]}, got {actual[i]}, unit {unit}");
    }

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

        var position = span.KeyCount - span.QueryCount + i;
        var seen = Enumerable.Range(0, span.KeyCount).Where(j => _case.Sees(position, j)).ToArray();
        var logits = new double[span.KeyCount];
        var slopes = new double[span.KeyCount];
        foreach (var j in seen)
        {
            for (var d = 0; d < _case.HeadDim; d++)
                logits[j] += _case.Scale * (double)_case.Inputs[query + d] * _case.Inputs[Key(j) + d];
            (logits[j], slopes[j]) = _case.Logit(logits[j]);
        }
        var largest = seen.Select(j => logits[j]).Append(double.NegativeInfinity).Max();
        var sum = seen.Sum(j => Math.Exp(logits[j] - largest));
        LogSumExp[row * _case.Heads + head] = seen.Length == 0 ? double.NegativeInfinity : largest + Math.Log(sum);

        var delta = 0.0;
        for (var d = 0; d < _case.HeadDim; d++)
        {
            Output[output + d] = 0;
            foreach (var j in seen)
                Output[output + d] += Math.Exp(logits[j] - largest) / sum * _mask(row, head, j) * _case.Inputs[Value(j) + d];
            delta += Output[output + d] * _case.OutputGradient[output + d];
        }
        foreach (var j in seen)
        {
            var p = Math.Exp(logits[j] - largest) / sum;
            var mask = _mask(row, head, j);
            var toWeight = 0.0;
            for (var d = 0; d < _case.HeadDim; d++)
            {
                toWeight += (double)_case.OutputGradient[output + d] * _case.Inputs[Value(j) + d];
                Gradients[Value(j) + d] += p * mask * _case.OutputGradient[output + d];
            }
            var toLogit = _case.Scale * slopes[j] * p * (mask * toWeight - delta);
            for (var d = 0; d < _case.HeadDim; d++)
            {
                Gradients[query + d] += toLogit * _case.Inputs[Key(j) + d];
                Gradients[Key(j) + d] += toLogit * _case.Inputs[query + d];
            }
        }
    }
}
