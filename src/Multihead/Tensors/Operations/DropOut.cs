using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tensors.Operations;

/// <summary>y = dropout(x): each element is zero with probability <c>rate</c>, else scaled by 1 / (1 - rate). The mask is never
/// stored: a counter-based generator gives it again in the backward pass.</summary>
internal static unsafe class DropOut
{
    public static Tensor Apply(Workspace w, Tensor x, float rate)
    {
        if (!w.DropsOut || rate == 0) return x;
        var record = new Record { X = x, Y = w.Allocate(x.Rows, x.Columns), Rate = rate, Key = w.NextDropoutKey() };
        Dropout.Apply(w.Team, x.Data, record.Y.Data, x.Count, rate, record.Key);
        w.Tape?.Record(record);
        return record.Y;
    }

    private struct Record : IBackward
    {
        public Tensor X, Y;
        public float Rate;
        public DropoutKey Key;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dx = w.OpenGradient(X, out var accumulate);
            Dropout.Backward(w.Team, Y.Gradient->Data, dx, X.Count, Rate, Key, accumulate);
        }
    }
}
