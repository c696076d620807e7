using Multihead.Kernels.Norms;

namespace Multihead.Tensors.Operations;

/// <summary>y = x / sqrt(mean(x^2) + epsilon) * gain over each row. Zhang and Sennrich, 2019,
/// https://arxiv.org/abs/1910.07467.</summary>
internal static unsafe class RootMeanSquareNormalization
{
    public static Tensor Apply(Workspace w, Tensor x, Weight gain, float epsilon)
    {
        var trace = Begin(w, new ResidualSum { Sum = x }, gain);
        RmsNorm.Forward(w.Team, x.Data, gain.Tensor.Data, trace.Y.Data, trace.InverseDeviation, x.Rows, x.Columns, epsilon);
        w.Tape?.Record(new Record { Trace = trace });
        return trace.Y;
    }

    /// <summary>The norm of residual + dropout(x), and that sum, in one pass over memory. The sum takes the memory of x.</summary>
    public static Tensor ApplyToSum(Workspace w, Tensor residual, Tensor x, float dropoutRate, Weight gain, float epsilon,
        out Tensor sum)
    {
        var trace = Begin(w, ResidualSum.Begin(w, residual, x, dropoutRate), gain);
        sum = trace.Input.Sum;
        ResidualNorm.Forward(w.Team, trace.Input.Forward, new RmsNorm.ForwardRow(sum.Data, gain.Tensor.Data, trace.Y.Data,
            trace.InverseDeviation, x.Columns, epsilon), x.Rows, x.Columns);
        w.Tape?.Record(new Record { Trace = trace });
        return trace.Y;
    }

    private static NormTrace Begin(Workspace w, in ResidualSum input, Weight gain)
    {
        var (rows, columns) = (input.Sum.Rows, input.Sum.Columns);
        var trace = new NormTrace { Input = input, Y = w.Allocate(rows, columns), Gain = gain.Tensor };
        if (w.Tape is not null) trace.InverseDeviation = w.Arena.Take<float>(rows);
        return trace;
    }

    private struct Record : IBackward
    {
        public NormTrace Trace;

        public readonly void Backward(Workspace w) => Trace.Backward(w);
    }
}
