using System.Runtime.CompilerServices;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>y = (x - mean) / sqrt(variance + epsilon) * gain + bias along each row, the variance without Bessel's correction.
/// Layer Normalization, https://arxiv.org/abs/1607.06450.</summary>
internal static unsafe class LayerNorm
{
    /// <summary>Normalises rows.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="bias">[width].</param>
    /// <param name="y">[rows, width]; may be x.</param>
    /// <param name="mean">[rows], written for the backward pass, or null.</param>
    /// <param name="inverseDeviation">[rows], 1 / sqrt(variance + epsilon) for the backward pass, or null.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="epsilon">Above zero.</param>
    public static void Forward(ThreadTeam team, float* x, float* gain, float* bias, float* y, float* mean,
        float* inverseDeviation, int rows, int width, float epsilon) =>
        RowLoop.Run(team, new ForwardRow(x, gain, bias, y, mean, inverseDeviation, width, epsilon), rows, width);

    /// <summary>The gradients of everything that went into <see cref="Forward"/>.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="dy">[rows, width].</param>
    /// <param name="x">[rows, width], as it went in.</param>
    /// <param name="gain">[width].</param>
    /// <param name="mean">[rows].</param>
    /// <param name="inverseDeviation">[rows].</param>
    /// <param name="dx">[rows, width]; may be dy or x.</param>
    /// <param name="accumulateX">Whether dx is added to.</param>
    /// <param name="dgain">[width].</param>
    /// <param name="dbias">[width].</param>
    /// <param name="accumulateGain">Whether dgain and dbias are added to.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    public static void Backward(ThreadTeam team, float* dy, float* x, float* gain, float* mean, float* inverseDeviation,
        float* dx, bool accumulateX, float* dgain, float* dbias, bool accumulateGain, int rows, int width)
    {
        var gainTerms = new GainTerms(dy, x, mean, inverseDeviation, width);
        ColumnLoop.Run(team, new GainAndBiasStep(gainTerms, new ColumnSum.Values(dy, width), rows, dgain, dbias, accumulateGain),
            width);
        RowLoop.Run(team, new BackwardRow(dy, x, gain, mean, inverseDeviation, dx, accumulateX, width), rows, width);
    }

    internal readonly struct ForwardRow(float* x, float* gain, float* bias, float* y, float* mean, float* inverseDeviation,
        int width, float epsilon) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var source = x + (long)row * width;
            var average = RowSum.Of<TSimd, V, RowSum.Values>(new RowSum.Values(source), width) / width;
            var variance = RowSum.Of<TSimd, V, SquaredDeviations>(new SquaredDeviations(source, average), width) / width;
            var inverse = 1 / MathF.Sqrt(variance + epsilon);
            if (mean != null) mean[row] = average;
            if (inverseDeviation != null) inverseDeviation[row] = inverse;
            var step = new ForwardStep(new Normalised(source, average, inverse), gain, bias, y + (long)row * width);
            FlatLoop.Range<TSimd, V, ForwardStep>(step, 0, width);
        }
    }

    internal readonly struct BackwardRow(float* dy, float* x, float* gain, float* mean, float* inverseDeviation, float* dx,
        bool accumulate, int width) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var first = (long)row * width;
            var normalised = new Normalised(x + first, mean[row], inverseDeviation[row]);
            var meanTerm = RowSum.Of<TSimd, V, RowSum.Products>(new RowSum.Products(dy + first, gain), width) / width;
            var deviationTerm =
                RowSum.Of<TSimd, V, DeviationTerms>(new DeviationTerms(dy + first, gain, normalised), width) / width;
            var step = new NormGradientStep(dy + first, gain, normalised, inverseDeviation[row], meanTerm, deviationTerm,
                dx + first, accumulate);
            FlatLoop.Range<TSimd, V, NormGradientStep>(step, 0, width);
        }
    }

    internal readonly struct GainAndBiasStep(GainTerms gainTerms, ColumnSum.Values biasTerms, int rows, float* dgain,
        float* dbias, bool accumulate) : IColumnStep
    {
        public void Columns<TSimd, V>(int first, int end) where TSimd : struct, ISimd<V> where V : struct
        {
            ColumnSum.Columns<TSimd, V, GainTerms>(gainTerms, rows, first, end, dgain, accumulate);
            ColumnSum.Columns<TSimd, V, ColumnSum.Values>(biasTerms, rows, first, end, dbias, accumulate);
        }
    }

    private readonly struct ForwardStep(Normalised normalised, float* gain, float* bias, float* y) : IVectorStep
    {
        private readonly Normalised _normalised = normalised;
        private readonly float* _gain = gain;
        private readonly float* _bias = bias;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var value = TSimd.MultiplyAdd(_normalised.At<TSimd, V>(index, lanes), TSimd.LoadPart(_gain + index, lanes),
                TSimd.LoadPart(_bias + index, lanes));
            TSimd.StorePart(value, _y + index, lanes);
        }
    }
}
