using System.Runtime.CompilerServices;

namespace Multihead.Kernels.Simd;

/// <summary>What two sums along a row add up, when they are made of the same elements.</summary>
internal interface IRowTermPair
{
    /// <summary>The terms of both sums for elements <paramref name="index"/> .. + <paramref name="lanes"/> - 1; the other lanes
    /// are not used. They may also be written somewhere, once an element.</summary>
    V Terms<TSimd, V>(int index, int lanes, out V second) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>Two sums along a row in one pass over it; each has the bits that <see cref="RowSum"/> gives it.</summary>
internal static class RowSumPair
{
    /// <summary>The sums of the terms 0..<paramref name="width"/>-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<TSimd, V, TTerm>(TTerm term, int width, out float second)
        where TSimd : struct, ISimd<V> where V : struct where TTerm : struct, IRowTermPair
    {
        var n = TSimd.Count;
        V s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        V t0 = TSimd.Zero, t1 = TSimd.Zero, t2 = TSimd.Zero, t3 = TSimd.Zero;
        V t;
        var i = 0;
        for (; i <= width - 4 * n; i += 4 * n)
        {
            s0 = TSimd.Add(s0, term.Terms<TSimd, V>(i, n, out t));
            t0 = TSimd.Add(t0, t);
            s1 = TSimd.Add(s1, term.Terms<TSimd, V>(i + n, n, out t));
            t1 = TSimd.Add(t1, t);
            s2 = TSimd.Add(s2, term.Terms<TSimd, V>(i + 2 * n, n, out t));
            t2 = TSimd.Add(t2, t);
            s3 = TSimd.Add(s3, term.Terms<TSimd, V>(i + 3 * n, n, out t));
            t3 = TSimd.Add(t3, t);
        }
        for (; i <= width - n; i += n)
        {
            s0 = TSimd.Add(s0, term.Terms<TSimd, V>(i, n, out t));
            t0 = TSimd.Add(t0, t);
        }
        if (i < width)
        {
            var mask = TSimd.FirstLanes(width - i);
            s1 = TSimd.Add(s1, TSimd.Select(mask, term.Terms<TSimd, V>(i, width - i, out t), TSimd.Zero));
            t1 = TSimd.Add(t1, TSimd.Select(mask, t, TSimd.Zero));
        }
        second = TSimd.Sum(TSimd.Add(TSimd.Add(t0, t1), TSimd.Add(t2, t3)));
        return TSimd.Sum(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)));
    }
}
