using Multihead.Tests.Kernels.Activations;

namespace Multihead.Tests.Tensors.Plain;

/// <summary>The operations of the Transformer as their formulas say, in loops over doubles: the law that the engine is held to.
/// </summary>
internal static class PlainOperations
{
    /// <summary>y = x W^T + b; W: [out, in], b: [1, out] or none.</summary>
    public static PlainMatrix Linear(PlainMatrix x, PlainMatrix weight, PlainMatrix? bias)
    {
        Assert.Equal(x.Columns, weight.Columns);
        var y = new PlainMatrix(x.Rows, weight.Rows);
        for (var i = 0; i < x.Rows; i++)
            for (var o = 0; o < weight.Rows; o++)
            {
                var sum = bias?.Data[o] ?? 0;
                for (var k = 0; k < x.Columns; k++) sum += x[i, k] * weight[o, k];
                y[i, o] = sum;
            }
        return y;
    }

    public static double Relu(double x) => Math.Max(x, 0);

    public static double Gelu(double x) => x * NormalReference.Probability(x);

    public static double GeluTanh(double x) => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;

    public static double Silu(double x) => x / (1 + Math.Exp(-x));

    public static PlainMatrix LayerNorm(PlainMatrix x, PlainMatrix gain, PlainMatrix bias, double epsilon) =>
        Normalise(x, gain, bias, centred: true, epsilon);

    public static PlainMatrix RmsNorm(PlainMatrix x, PlainMatrix gain, double epsilon) =>
        Normalise(x, gain, null, centred: false, epsilon);

    /// <summary>Pairs (x[i], x[i + headDim / 2]) of every head turned by position * theta^(-2i/headDim).</summary>
    public static PlainMatrix Rotate(PlainMatrix x, int headDim, double theta, ReadOnlySpan<int> positions)
    {
        var y = new PlainMatrix(x.Rows, x.Columns);
        for (var t = 0; t < x.Rows; t++)
            for (var head = 0; head < x.Columns; head += headDim)
                for (var i = 0; i < headDim / 2; i++)
                {
                    var angle = positions[t] * Math.Pow(theta, -2.0 * i / headDim);
                    var (a, b) = (x[t, head + i], x[t, head + i + headDim / 2]);
                    y[t, head + i] = a * Math.Cos(angle) - b * Math.Sin(angle);
                    y[t, head + i + headDim / 2] = a * Math.Sin(angle) + b * Math.Cos(angle);
                }
        return y;
    }

    /// <summary>scale * table[id] + positions[position] for each token.</summary>
    public static PlainMatrix Embed(PlainMatrix table, ReadOnlySpan<int> ids, double scale, PlainMatrix? positions,
        ReadOnlySpan<int> positionIds)
    {
        var y = new PlainMatrix(ids.Length, table.Columns);
        for (var i = 0; i < ids.Length; i++)
            for (var d = 0; d < table.Columns; d++)
                y[i, d] = scale * table[ids[i], d] + (positions is null ? 0 : positions[positionIds[i], d]);
        return y;
    }

    /// <summary>Sums over rows of the label-smoothed and of the plain cross-entropy.</summary>
    public static (double Loss, double NegativeLogLikelihood) CrossEntropy(PlainMatrix logits, ReadOnlySpan<int> targets,
        double smoothing)
    {
        double loss = 0, plain = 0;
        for (var i = 0; i < logits.Rows; i++)
        {
            double greatest = double.NegativeInfinity, sum = 0, mean = 0;
            foreach (var x in logits.Row(i)) greatest = Math.Max(greatest, x);
            foreach (var x in logits.Row(i)) (sum, mean) = (sum + Math.Exp(x - greatest), mean + x / logits.Columns);
            var normalizer = greatest + Math.Log(sum);
            plain += normalizer - logits[i, targets[i]];
            loss += (1 - smoothing) * (normalizer - logits[i, targets[i]]) + smoothing * (normalizer - mean);
        }
        return (loss, plain);
    }

    private static PlainMatrix Normalise(PlainMatrix x, PlainMatrix gain, PlainMatrix? bias, bool centred, double epsilon)
    {
        var y = new PlainMatrix(x.Rows, x.Columns);
        for (var i = 0; i < x.Rows; i++)
        {
            double mean = 0, variance = 0;
            if (centred)
                foreach (var value in x.Row(i)) mean += value / x.Columns;
            foreach (var value in x.Row(i)) variance += (value - mean) * (value - mean) / x.Columns;
            var deviation = Math.Sqrt(variance + epsilon);
            for (var j = 0; j < x.Columns; j++)
                y[i, j] = (x[i, j] - mean) / deviation * gain.Data[j] + (bias?.Data[j] ?? 0);
        }
        return y;
    }
}
