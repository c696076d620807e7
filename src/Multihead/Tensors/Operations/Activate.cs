using Multihead.Kernels.Activations;

namespace Multihead.Tensors.Operations;

/// <summary>y = f(x), element by element.</summary>
internal static unsafe class Activate
{
    public static Tensor Apply<TActivation>(Workspace w, Tensor x) where TActivation : unmanaged, IActivation
    {
        var y = w.Allocate(x.Rows, x.Columns);
        ActivationKernel.Forward<TActivation>(w.Team, x.Data, y.Data, x.Count);
        w.Tape?.Record(new Record<TActivation> { X = x, Y = y });
        return y;
    }

    private struct Record<TActivation> : IBackward where TActivation : unmanaged, IActivation
    {
        public Tensor X, Y;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dx = w.OpenGradient(X, out var accumulate);
            ActivationKernel.Backward<TActivation>(w.Team, X.Data, Y.Gradient->Data, dx, X.Count, accumulate);
        }
    }
}
