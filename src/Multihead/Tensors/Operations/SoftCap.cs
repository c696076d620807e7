using System.Runtime.CompilerServices;
using Multihead.Kernels.Attention;
using Multihead.Kernels.Simd;

namespace Multihead.Tensors.Operations;

/// <summary>y = cap * tanh(x / cap), in the place of x: Gemma 2 keeps its output logits within the cap so,
/// https://arxiv.org/abs/2408.00118, section 2. Nothing before it may need x: a product's backward pass does not.</summary>
internal static unsafe class SoftCap
{
    public static Tensor Apply(Workspace w, Tensor x, float cap)
    {
        FlatLoop.Run(w.Team, new Step(x.Data, new CappedLogits(cap)), x.Count);
        w.Tape?.Record(new Record { Y = x, Cap = cap });
        return x;
    }

    private readonly struct Step(float* x, CappedLogits capped) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly CappedLogits _capped = capped;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void IVectorStep.Step<TSimd, V>(long index, int lanes) =>
            TSimd.StorePart(_capped.Apply<TSimd, V>(TSimd.LoadPart(_x + index, lanes), 0, 0, 0), _x + index, lanes);
    }

    private readonly struct SlopeStep(float* y, float* gradient, CappedLogits capped) : IVectorStep
    {
        private readonly float* _y = y;
        private readonly float* _gradient = gradient;
        private readonly CappedLogits _capped = capped;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            V y = TSimd.LoadPart(_y + index, lanes), gradient = TSimd.LoadPart(_gradient + index, lanes);
            TSimd.StorePart(_capped.Gradient<TSimd, V>(y, gradient), _gradient + index, lanes);
        }
    }

    private struct Record : IBackward
    {
        public Tensor Y;
        public float Cap;

        public readonly void Backward(Workspace w)
        {
            if (Y.HasGradient) FlatLoop.Run(w.Team, new SlopeStep(Y.Data, Y.Gradient->Data, new CappedLogits(Cap)), Y.Count);
        }
    }
}
