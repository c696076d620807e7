using Multihead.Kernels.Norms;

namespace Multihead.Tensors.Operations;

/// <summary>y = (x - mean) / sqrt(variance + epsilon) * gain + bias over each row. Ba, Kiros and Hinton, 2016,
/// https://arxiv.org/abs/1607.06450.</summary>
internal static unsafe class LayerNormalization
{
    public static Tensor Apply(Workspace w, Tensor x, Weight gain, Weight bias, float epsilon)
    {
        var y = w.Allocate(x.Rows, x.Columns);
        var record = new Record { X = x, Y = y, Gain = gain.Tensor, Bias = bias.Tensor };
        if (w.Tape is not null)
        {
            record.Mean = w.Arena.Take<float>(x.Rows);
            record.InverseDeviation = w.Arena.Take<float>(x.Rows);
        }
        LayerNorm.Forward(w.Team, x.Data, gain.Tensor.Data, bias.Tensor.Data, y.Data, record.Mean, record.InverseDeviation,
            x.Rows, x.Columns, epsilon);
        w.Tape?.Record(record);
        return y;
    }

    private struct Record : IBackward
    {
        public Tensor X, Y, Gain, Bias;
        public float* Mean, InverseDeviation;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dx = w.OpenGradient(X, out var accumulate);
            var dgain = w.OpenGradient(Gain, out var accumulateGain);
            var dbias = w.OpenGradient(Bias, out _); // written together with the gain, always
            LayerNorm.Backward(w.Team, Y.Gradient->Data, X.Data, Gain.Data, Mean, InverseDeviation, dx, accumulate, dgain, dbias,
                accumulateGain, X.Rows, X.Columns);
        }
    }
}
