using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Reductions;

namespace Multihead.Tensors.Operations;

/// <summary>y = residual + dropout(x): the end of every sublayer, in one pass over memory.</summary>
internal static unsafe class AddResidual
{
    public static Tensor Apply(Workspace w, Tensor residual, Tensor x, float dropoutRate)
    {
        var rate = w.DropsOut ? dropoutRate : 0;
        var record = new Record { Residual = residual, X = x, Y = w.Allocate(x.Rows, x.Columns), Rate = rate };
        if (rate > 0)
        {
            record.Key = w.NextDropoutKey();
            Dropout.ApplyAndAdd(w.Team, x.Data, residual.Data, record.Y.Data, x.Count, rate, record.Key);
        }
        else VectorAdd.Add(w.Team, residual.Data, x.Data, record.Y.Data, x.Count);
        w.Tape?.Record(record);
        return record.Y;
    }

    private struct Record : IBackward
    {
        public Tensor Residual, X, Y;
        public float Rate;
        public DropoutKey Key;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dy = Y.Gradient->Data;
            var dx = w.OpenGradient(X, out var accumulate);
            Dropout.Backward(w.Team, dy, dx, X.Count, Rate, Key, accumulate);
            // This gradient is done with: the residual stream takes its memory over instead of copying it.
            if (Residual.Gradient->Data == null) (*Residual.Gradient, *Y.Gradient) = (*Y.Gradient, default);
            else
            {
                var dresidual = w.OpenGradient(Residual, out accumulate);
                if (accumulate) VectorAdd.Accumulate(w.Team, dy, dresidual, X.Count);
                else VectorFill.Copy(w.Team, dy, dresidual, X.Count);
            }
        }
    }
}
