using System.Runtime.CompilerServices;

namespace Multihead.Kernels.Simd;

/// <summary>What a sum along a row adds up.</summary>
internal interface IRowTerm
{
    /// <summary>The terms of elements <paramref name="index"/> .. + <paramref name="lanes"/> - 1; the other lanes are not
    /// used. A term may also write what it computes, once an element.</summary>
    V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>Sums along a row: four chains of vectors, combined in an order that depends on the width alone.</summary>
internal static unsafe class RowSum
{
    /// <summary>The sum of the terms 0..<paramref name="width"/>-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<TSimd, V, TTerm>(TTerm term, int width)
        where TSimd : struct, ISimd<V> where V : struct where TTerm : struct, IRowTerm
    {
        var n = TSimd.Count;
        V s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        var i = 0;
        for (; i <= width - 4 * n; i += 4 * n)
        {
            s0 = TSimd.Add(s0, term.Terms<TSimd, V>(i, n));
            s1 = TSimd.Add(s1, term.Terms<TSimd, V>(i + n, n));
            s2 = TSimd.Add(s2, term.Terms<TSimd, V>(i + 2 * n, n));
            s3 = TSimd.Add(s3, term.Terms<TSimd, V>(i + 3 * n, n));
        }
        for (; i <= width - n; i += n) s0 = TSimd.Add(s0, term.Terms<TSimd, V>(i, n));
        if (i < width)
        {
            var rest = term.Terms<TSimd, V>(i, width - i);
            s1 = TSimd.Add(s1, TSimd.Select(TSimd.FirstLanes(width - i), rest, TSimd.Zero));
        }
        return TSimd.Sum(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)));
    }

    /// <summary>x[i].</summary>
    public readonly struct Values(float* x) : IRowTerm
    {
        private readonly float* _x = x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.LoadPart(_x + index, lanes);
    }

    /// <summary>x[i] * y[i].</summary>
    public readonly struct Products(float* x, float* y) : IRowTerm
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.Multiply(TSimd.LoadPart(_x + index, lanes), TSimd.LoadPart(_y + index, lanes));
    }
}
