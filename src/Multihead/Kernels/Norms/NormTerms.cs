using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Norms;

/// <summary>(x[i] - mean) * inverseDeviation along one row: what both norms share.</summary>
internal readonly unsafe struct Normalised(float* x, float mean, float inverseDeviation)
{
    private readonly float* _x = x;
    private readonly float _mean = mean;
    private readonly float _inverseDeviation = inverseDeviation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.Multiply(TSimd.Subtract(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_mean)), TSimd.Create(_inverseDeviation));
}

/// <summary>(x[i] - mean)^2.</summary>
internal readonly unsafe struct SquaredDeviations(float* x, float mean) : IRowTerm
{
    private readonly float* _x = x;
    private readonly float _mean = mean;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct
    {
        var deviation = TSimd.Subtract(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_mean));
        return TSimd.Multiply(deviation, deviation);
    }
}

/// <summary>dy[i] gain[i] normalised[i]: the part of a row's gradient that its deviation takes up.</summary>
internal readonly unsafe struct DeviationTerms(float* dy, float* gain, Normalised normalised) : IRowTerm
{
    private readonly float* _dy = dy;
    private readonly float* _gain = gain;
    private readonly Normalised _normalised = normalised;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Terms<TSimd, V>(int index, int lanes) where TSimd : struct, ISimd<V> where V : struct
    {
        var scaled = TSimd.Multiply(TSimd.LoadPart(_dy + index, lanes), TSimd.LoadPart(_gain + index, lanes));
        return TSimd.Multiply(scaled, _normalised.At<TSimd, V>(index, lanes));
    }
}
