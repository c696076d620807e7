using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>What happens to a finished piece of C while it is still in the cache.</summary>
internal interface IEpilogue
{
    /// <summary>Changes <paramref name="count"/> elements of C that begin at (row, column), in place.</summary>
    unsafe void Apply<TSimd, V>(float* c, int row, int column, int count) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>C stays as it is.</summary>
internal readonly struct NoEpilogue : IEpilogue
{
    public unsafe void Apply<TSimd, V>(float* c, int row, int column, int count)
        where TSimd : struct, ISimd<V> where V : struct
    { }
}

/// <summary>C[i, j] += bias[j].</summary>
internal readonly unsafe struct AddBias(float* bias) : IEpilogue
{
    private readonly float* _bias = bias;

    public void Apply<TSimd, V>(float* c, int row, int column, int count) where TSimd : struct, ISimd<V> where V : struct
    {
        var bias = _bias + column;
        for (var i = 0; i < count; i += TSimd.Count)
        {
            var part = Math.Min(TSimd.Count, count - i);
            TSimd.StorePart(TSimd.Add(TSimd.LoadPart(c + i, part), TSimd.LoadPart(bias + i, part)), c + i, part);
        }
    }
}

/// <summary>C[i, j] = residual[i, j] + (C[i, j] + bias[j]).</summary>
internal readonly unsafe struct AddBiasAndResidual(float* bias, float* residual, long residualStride) : IEpilogue
{
    private readonly float* _bias = bias;
    private readonly float* _residual = residual;
    private readonly long _residualStride = residualStride;

    public void Apply<TSimd, V>(float* c, int row, int column, int count) where TSimd : struct, ISimd<V> where V : struct
    {
        float* bias = _bias + column, residual = _residual + row * _residualStride + column;
        for (var i = 0; i < count; i += TSimd.Count)
        {
            var part = Math.Min(TSimd.Count, count - i);
            var sum = TSimd.Add(TSimd.LoadPart(c + i, part), TSimd.LoadPart(bias + i, part));
            TSimd.StorePart(TSimd.Add(TSimd.LoadPart(residual + i, part), sum), c + i, part);
        }
    }
}
