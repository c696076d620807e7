namespace Multihead.Tests.Kernels.Losses;

/// <summary>The fused layer in plain double loops, each value with a bound for the error of single precision, carried through
/// from step to step.</summary>
internal sealed class LinearCrossEntropyReference
{
    private const double Unit = 1.0 / (1 << 24); // half the distance from 1 to the next float

    public readonly double[] Losses, LossErrors, Nll, DHidden, DHiddenErrors, DTable, DTableErrors, DBias, DBiasErrors;
    private readonly LinearCrossEntropyCase _case;

    public LinearCrossEntropyReference(LinearCrossEntropyCase problem)
    {
        _case = problem;
        var (rows, dim, vocabulary) = (problem.Rows, problem.Dim, problem.Vocabulary);
        (Losses, LossErrors, Nll) = (new double[rows], new double[rows], new double[rows]);
        (DHidden, DHiddenErrors) = (new double[rows * dim], new double[rows * dim]);
        (DTable, DTableErrors) = (new double[vocabulary * dim], new double[vocabulary * dim]);
        (DBias, DBiasErrors) = (new double[vocabulary], new double[vocabulary]);
        for (var i = 0; i < rows; i++) Row(i);
        if (!problem.Accumulate) return;
        Accumulate(DTable, DTableErrors, problem.OldDTable);
        Accumulate(DBias, DBiasErrors, problem.OldDBias);
    }

    /// <summary>Loss of one row as a function of its logits.</summary>
    public static (double Loss, double Nll) Loss(ReadOnlySpan<double> logits, int target, double smoothing)
    {
        double greatest = double.NegativeInfinity, sum = 0, mean = 0;
        foreach (var x in logits) greatest = Math.Max(greatest, x);
        foreach (var x in logits) (sum, mean) = (sum + Math.Exp(x - greatest), mean + x / logits.Length);
        var normalizer = greatest + Math.Log(sum);
        var nll = normalizer - logits[target];
        return ((1 - smoothing) * nll + smoothing * (normalizer - mean), nll);
    }

    public double[] Logits(int row, ReadOnlySpan<float> hidden)
    {
        var logits = new double[_case.Vocabulary];
        for (var v = 0; v < logits.Length; v++)
        {
            logits[v] = _case.Bias is null ? 0 : _case.Bias.Span[v];
            for (var d = 0; d < _case.Dim; d++)
                logits[v] += (double)hidden[row * _case.Dim + d] * _case.Table.Span[v * _case.Dim + d];
        }
        return logits;
    }

    private void Row(int i)
    {
        var (dim, vocabulary, target) = (_case.Dim, _case.Vocabulary, _case.Targets[i]);
        if (target == LinearCrossEntropyCase.Ignored) return;
        var logits = Logits(i, _case.Hidden.Span);
        (Losses[i], Nll[i]) = Loss(logits, target, _case.Smoothing);
        var normalizer = Nll[i] + logits[target];
        // |hidden|, |table| and |bias| are at most 1, which bounds a logit's rounding; then come the sum of exponentials and
        // of logits (at most one rounding a token) and a few operations more.
        var logitError = (dim + 3) * Unit * (dim + 1);
        var relativeError = 2 * logitError + (vocabulary + 20) * Unit;
        LossErrors[i] = relativeError + (vocabulary + 20) * Unit * (dim + 2 + Math.Abs(normalizer));
        for (var v = 0; v < vocabulary; v++)
        {
            var probability = Math.Exp(logits[v] - normalizer);
            var wanted = _case.Smoothing / vocabulary + (v == target ? 1 - _case.Smoothing : 0);
            var gradient = LinearCrossEntropyCase.GradientScale * (probability - wanted);
            var error = LinearCrossEntropyCase.GradientScale * (probability * relativeError + 6 * Unit * (probability + wanted));
            DBias[v] += gradient;
            DBiasErrors[v] += error + (_case.Rows + 3) * Unit * Math.Abs(gradient);
            for (var d = 0; d < dim; d++)
            {
                double h = _case.Hidden.Span[i * dim + d], t = _case.Table.Span[v * dim + d];
                DHidden[i * dim + d] += gradient * t;
                DHiddenErrors[i * dim + d] += Math.Abs(t) * (error + (vocabulary + 3) * Unit * Math.Abs(gradient));
                DTable[v * dim + d] += gradient * h;
                DTableErrors[v * dim + d] += Math.Abs(h) * (error + (_case.Rows + 3) * Unit * Math.Abs(gradient));
            }
        }
    }

    private void Accumulate(double[] sums, double[] errors, FloatBuffer old)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += old.Span[i];
            errors[i] += (_case.Rows + 3) * Unit * Math.Abs(old.Span[i]);
        }
    }
}
