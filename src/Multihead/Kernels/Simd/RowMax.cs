using System.Runtime.CompilerServices;

namespace Multihead.Kernels.Simd;

/// <summary>The largest element of a row.</summary>
internal static unsafe class RowMax
{
    /// <summary>The largest of x[0..width-1]: NaN if any is NaN, minus infinity for an empty row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<TSimd, V>(float* x, int width) where TSimd : struct, ISimd<V> where V : struct
    {
        var n = TSimd.Count;
        var nothing = TSimd.Create(float.NegativeInfinity);
        V m0 = nothing, m1 = nothing;
        var i = 0;
        for (; i <= width - 2 * n; i += 2 * n)
        {
            m0 = TSimd.Max(m0, TSimd.Load(x + i));
            m1 = TSimd.Max(m1, TSimd.Load(x + i + n));
        }
        for (; i < width; i += n)
        {
            var lanes = Math.Min(n, width - i);
            m0 = TSimd.Max(m0, TSimd.Select(TSimd.FirstLanes(lanes), TSimd.LoadPart(x + i, lanes), nothing));
        }
        return TSimd.MaxLane(TSimd.Max(m0, m1));
    }
}
