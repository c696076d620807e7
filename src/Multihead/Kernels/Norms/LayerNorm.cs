using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>y = (x - mean) / sqrt(variance + epsilon) * gain + bias along each row, the variance without Bessel's correction.
/// Layer Normalization, https://arxiv.org/abs/1607.06450. Its gradients: <see cref="NormBackward"/>.</summary>
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
