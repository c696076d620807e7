using Multihead.Kernels.Norms;

namespace Multihead.Tensors.Operations;

/// <summary>y = x / sqrt(mean(x^2) + epsilon) * gain over each row. Zhang and Sennrich, 2019,
/// https://arxiv.org/abs/1910.07467.</summary>
internal static unsafe class RootMeanSquareNormalization
{
    public static Tensor Apply(Workspace w, Tensor x, Weight gain, float epsilon)
    {
        var y = w.Allocate(x.Rows, x.Columns);
        var record = new Record { X = x, Y = y, Gain = gain.Tensor };
        if (w.Tape is not null) record.InverseDeviation = w.Arena.Take<float>(x.Rows);
        RmsNorm.Forward(w.Team, x.Data, gain.Tensor.Data, y.Data, record.InverseDeviation, x.Rows, x.Columns, epsilon);
        w.Tape?.Record(record);
        return y;
    }

    private struct Record : IBackward
    {
        public Tensor X, Y, Gain;
        public float* InverseDeviation;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dx = w.OpenGradient(X, out var accumulate);
            var dgain = w.OpenGradient(Gain, out var accumulateGain);
            RmsNorm.Backward(w.Team, Y.Gradient->Data, X.Data, Gain.Data, InverseDeviation, dx, accumulate, dgain, accumulateGain,
                X.Rows, X.Columns);
        }
    }
}
