using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>The largest logits that rows have seen so far, renewed for four rows at once.</summary>
internal readonly unsafe struct RunningMaxima(float* maxima, float* factors)
{
    /// <summary>Rows at once.</summary>
    public const int Rows = 4;

    public float this[int row] => maxima[row];

    /// <summary>What to multiply by whatever was gathered under the row's maximum before, if <see cref="Renew"/> says
    /// so.</summary>
    public float Factor(int row) => factors[row];

    public void Begin(int rows) => new Span<float>(maxima, (rows + Rows - 1) / Rows * Rows).Fill(float.NegativeInfinity);

    /// <summary>Takes up new logits of four rows.</summary>
    /// <param name="row">The first row, a multiple of 4.</param>
    /// <param name="largest">[4, vector], numbers or minus infinity, whose maxima are those of the rows' new logits.</param>
    /// <param name="lanes">A multiple of 4.</param>
    /// <returns>A bit for each row that has gathered something under a lower maximum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Renew(int row, float* largest, int lanes)
    {
        Vector128<float> a = OfLanes(largest, lanes), b = OfLanes(largest + lanes, lanes);
        Vector128<float> c = OfLanes(largest + 2 * lanes, lanes), d = OfLanes(largest + 3 * lanes, lanes);
        // Lanes 0..3 of each row become lanes of one row each.
        var ac = Vector128.MaxNative(Lanes4.ZipLow(a, c), Lanes4.ZipHigh(a, c));
        var bd = Vector128.MaxNative(Lanes4.ZipLow(b, d), Lanes4.ZipHigh(b, d));
        var found = Vector128.MaxNative(Lanes4.ZipLow(ac, bd), Lanes4.ZipHigh(ac, bd));
        var before = Vector128.Load(maxima + row);
        var after = Vector128.MaxNative(before, found);
        after.Store(maxima + row);
        var changed = Vector128.LessThan(before, after)
            & Vector128.GreaterThan(before, Vector128.Create(float.NegativeInfinity));
        var bits = changed.ExtractMostSignificantBits();
        if (bits != 0) VectorMath.Exp2<Simd128, Vector128<float>>(before - after).Store(factors + row);
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> OfLanes(float* largest, int lanes)
    {
        var max = Vector128.Load(largest);
        for (var i = Vector128<float>.Count; i < lanes; i += Vector128<float>.Count)
            max = Vector128.MaxNative(max, Vector128.Load(largest + i));
        return max;
    }
}
