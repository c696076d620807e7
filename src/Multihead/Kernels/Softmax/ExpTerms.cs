using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Softmax;

/// <summary>Terms e^(x[i] - shift), also written to y; y may be x.</summary>
internal readonly unsafe struct ExpTerms(float* x, float* y, float shift) : IRowTerm
{
    private readonly float* _x = x;
    private readonly float* _y = y;
    private readonly float _shift = shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct
    {
        var e = VectorMath.Exp<TSimd, V>(TSimd.Subtract(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_shift)));
        TSimd.StorePart(e, _y + index, lanes);
        return e;
    }
}
