using Multihead.Kernels.Activations;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>C[i, j] + bias[j].</summary>
/// <param name="bias">[columns].</param>
internal readonly unsafe struct AddBias(float* bias) : IEpilogue
{
    private readonly RowOperand _bias = new(bias);

    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct => TSimd.Add(c, at.Load(in _bias));
}

/// <summary>other[i, j] + C[i, j].</summary>
/// <param name="other">[rows, columns].</param>
internal readonly struct AddMatrix(MatrixOperand other) : IEpilogue
{
    private readonly MatrixOperand _other = other;

    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct => TSimd.Add(at.Load(in _other), c);
}

/// <summary>f(C[i, j]).</summary>
internal readonly struct Activate<TActivation> : IEpilogue where TActivation : unmanaged, IActivation
{
    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct => TActivation.Forward<TSimd, V>(c);
}
