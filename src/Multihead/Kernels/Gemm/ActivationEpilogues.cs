using Multihead.Kernels.Activations;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>dropout(f(C[i, j])) while learning. What the backward pass multiplies by is known now and never better: where the
/// output does not tell it, f'(C[i, j]) of the elements that are kept and zero for those that are dropped go to
/// <paramref name="slopes"/>.</summary>
/// <param name="dropout">The dropout.</param>
/// <param name="slopes">[rows, columns]; not touched where <see cref="IActivation.OutputTellsDerivative"/>.</param>
internal struct ActivateAndDropOut<TActivation, TDropout>(TDropout dropout, MatrixOperand slopes) : IEpilogue
    where TActivation : unmanaged, IActivation where TDropout : unmanaged, IDropout
{
    private readonly MatrixOperand _slopes = slopes;
    private TDropout _dropout = dropout; // not readonly, for the reason that Then gives

    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct
    {
        var dropped = _dropout.Dropped<TPlace, TSimd, V>(ref at);
        if (!TActivation.OutputTellsDerivative)
        {
            var slope = TActivation.Derivative<TSimd, V>(c);
            at.Store(in _slopes, TSimd.Select(dropped, TSimd.Zero, slope));
        }
        var kept = _dropout.Scaled<TPlace, TSimd, V>(ref at, TActivation.Forward<TSimd, V>(c));
        return TSimd.Select(dropped, TSimd.Zero, kept);
    }
}

/// <summary>The gradient of <see cref="ActivateAndDropOut{TActivation, TDropout}"/>'s argument where C is that of its result.
/// </summary>
/// <param name="scale">What dropout multiplied by what it kept; 1 without.</param>
/// <param name="kept">[rows, columns]: the slopes, or the output where it tells them.</param>
internal readonly struct MultiplyBySlope<TActivation>(float scale, MatrixOperand kept) : IEpilogue
    where TActivation : unmanaged, IActivation
{
    private readonly float _scale = scale;
    private readonly MatrixOperand _kept = kept;

    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct
    {
        var kept = at.Load(in _kept);
        var slope = TActivation.OutputTellsDerivative ? TActivation.Derivative<TSimd, V>(kept) : kept;
        return TSimd.Multiply(TSimd.Multiply(c, at.Broadcast(in _scale)), slope);
    }
}
