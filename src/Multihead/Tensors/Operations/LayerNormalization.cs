using Multihead.Kernels.Norms;

namespace Multihead.Tensors.Operations;

/// <summary>y = (x - mean) / sqrt(variance + epsilon) * gain + bias over each row. Ba, Kiros and Hinton, 2016,
/// https://arxiv.org/abs/1607.06450.</summary>
internal static unsafe class LayerNormalization
{
    public static Tensor Apply(Workspace w, Tensor x, Weight gain, Weight bias, float epsilon)
    {
        var trace = Begin(w, new ResidualSum { Sum = x }, gain, bias);
        LayerNorm.Forward(w.Team, x.Data, gain.Tensor.Data, bias.Tensor.Data, trace.Y.Data, trace.Mean, trace.InverseDeviation,
            x.Rows, x.Columns, epsilon);
        w.Tape?.Record(new Record { Trace = trace });
        return trace.Y;
    }

    /// <summary>The norm of residual + dropout(x), and that sum, in one pass over memory. The sum takes the memory of x.</summary>
    public static Tensor ApplyToSum(Workspace w, Tensor residual, Tensor x, float dropoutRate, Weight gain, Weight bias,
        float epsilon, out Tensor sum)
    {
        var trace = Begin(w, ResidualSum.Begin(w, residual, x, dropoutRate), gain, bias);
        sum = trace.Input.Sum;
        ResidualNorm.Forward(w.Team, trace.Input.Forward, new LayerNorm.ForwardRow(sum.Data, gain.Tensor.Data, bias.Tensor.Data,
            trace.Y.Data, trace.Mean, trace.InverseDeviation, x.Columns, epsilon), x.Rows, x.Columns);
        w.Tape?.Record(new Record { Trace = trace });
        return trace.Y;
    }

    private static NormTrace Begin(Workspace w, in ResidualSum input, Weight gain, Weight bias)
    {
        var (rows, columns) = (input.Sum.Rows, input.Sum.Columns);
        var trace = new NormTrace { Input = input, Y = w.Allocate(rows, columns), Gain = gain.Tensor, Bias = bias.Tensor };
        if (w.Tape is null) return trace;
        trace.Mean = w.Arena.Take<float>(rows);
        trace.InverseDeviation = w.Arena.Take<float>(rows);
        return trace;
    }

    private struct Record : IBackward
    {
        public NormTrace Trace;

        public readonly void Backward(Workspace w) => Trace.Backward(w);
    }
}
