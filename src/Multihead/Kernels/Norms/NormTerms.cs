using System.Runtime.CompilerServices;
using Multihead.Kernels.Reductions;
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

/// <summary>dx[i] (+)= inverseDeviation (dy[i] gain[i] - meanTerm - normalised[i] deviationTerm).</summary>
internal readonly unsafe struct NormGradientStep(float* dy, float* gain, Normalised normalised, float inverseDeviation,
    float meanTerm, float deviationTerm, float* dx, bool accumulate) : IVectorStep
{
    private readonly float* _dy = dy;
    private readonly float* _gain = gain;
    private readonly Normalised _normalised = normalised;
    private readonly float _inverseDeviation = inverseDeviation;
    private readonly float _meanTerm = meanTerm;
    private readonly float _deviationTerm = deviationTerm;
    private readonly float* _dx = dx;
    private readonly bool _accumulate = accumulate;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
    {
        var scaled = TSimd.Multiply(TSimd.LoadPart(_dy + index, lanes), TSimd.LoadPart(_gain + index, lanes));
        var taken = TSimd.MultiplyAdd(_normalised.At<TSimd, V>(index, lanes), TSimd.Create(_deviationTerm),
            TSimd.Create(_meanTerm));
        var gradient = TSimd.Multiply(TSimd.Subtract(scaled, taken), TSimd.Create(_inverseDeviation));
        if (_accumulate) gradient = TSimd.Add(TSimd.LoadPart(_dx + index, lanes), gradient);
        TSimd.StorePart(gradient, _dx + index, lanes);
    }
}

/// <summary>dy[i, j] normalised[i, j]: summed down a column, the gradient of the gain.</summary>
/// <remarks><paramref name="mean"/> may be null: zero.</remarks>
internal readonly unsafe struct GainTerms(float* dy, float* x, float* mean, float* inverseDeviation, int width) : IColumnTerm
{
    private readonly float* _dy = dy;
    private readonly float* _x = x;
    private readonly float* _mean = mean;
    private readonly float* _inverseDeviation = inverseDeviation;
    private readonly int _width = width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Terms<TSimd, V>(int row, int column, int lanes) where TSimd : struct, ISimd<V> where V : struct
    {
        var index = (long)row * _width + column;
        var normalised = new Normalised(_x, _mean == null ? 0 : _mean[row], _inverseDeviation[row]);
        return TSimd.Multiply(TSimd.LoadPart(_dy + index, lanes), normalised.At<TSimd, V>(index, lanes));
    }
}
