using Multihead.Kernels.Activations;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>C[i, j] = f(C[i, j] + bias[j]). The backward of GELU and SiLU needs the argument of f: give
/// <paramref name="preActivation"/> and it is kept there; null where nothing is trained, or where the output says enough (ReLU's
/// output is positive exactly where its argument is).</summary>
/// <param name="bias">[columns].</param>
/// <param name="preActivation">Null, or as many rows as C of <paramref name="preActivationStride"/> floats.</param>
/// <param name="preActivationStride">At least the number of columns.</param>
internal readonly unsafe struct AddBiasAndActivate<TActivation>(float* bias, float* preActivation, long preActivationStride)
    : IEpilogue where TActivation : unmanaged, IActivation
{
    private readonly float* _bias = bias;
    private readonly float* _preActivation = preActivation;
    private readonly long _preActivationStride = preActivationStride;

    public void Apply<TSimd, V>(float* c, int row, int column, int count) where TSimd : struct, ISimd<V> where V : struct
    {
        var bias = _bias + column;
        var kept = _preActivation == null ? null : _preActivation + row * _preActivationStride + column;
        for (var i = 0; i < count; i += TSimd.Count)
        {
            var part = Math.Min(TSimd.Count, count - i);
            var sum = TSimd.Add(TSimd.LoadPart(c + i, part), TSimd.LoadPart(bias + i, part));
            if (kept != null) TSimd.StorePart(sum, kept + i, part);
            TSimd.StorePart(TActivation.Forward<TSimd, V>(sum), c + i, part);
        }
    }
}
