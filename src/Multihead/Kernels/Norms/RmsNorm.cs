using System.Runtime.CompilerServices;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>y = x / sqrt(mean of x^2 + epsilon) * gain along each row. Root Mean Square Layer Normalization,
/// https://arxiv.org/abs/1910.07467.</summary>
internal static unsafe class RmsNorm
{
    /// <summary>Normalises rows.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="y">[rows, width]; may be x.</param>
    /// <param name="inverseDeviation">[rows], 1 / sqrt(mean of x^2 + epsilon) for the backward pass, or null.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="epsilon">Above zero.</param>
    public static void Forward(ThreadTeam team, float* x, float* gain, float* y, float* inverseDeviation, int rows, int width,
        float epsilon) =>
        RowLoop.Run(team, new ForwardRow(x, gain, y, inverseDeviation, width, epsilon), rows, width);

    /// <summary>The gradients of everything that went into <see cref="Forward"/>.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="dy">[rows, width].</param>
    /// <param name="x">[rows, width], as it went in.</param>
    /// <param name="gain">[width].</param>
    /// <param name="inverseDeviation">[rows].</param>
    /// <param name="dx">[rows, width]; may be dy or x.</param>
    /// <param name="accumulateX">Whether dx is added to.</param>
    /// <param name="dgain">[width].</param>
    /// <param name="accumulateGain">Whether dgain is added to.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    public static void Backward(ThreadTeam team, float* dy, float* x, float* gain, float* inverseDeviation, float* dx,
        bool accumulateX, float* dgain, bool accumulateGain, int rows, int width)
    {
        var gainTerms = new GainTerms(dy, x, null, inverseDeviation, width);
        ColumnLoop.Run(team, new GainStep(gainTerms, rows, dgain, accumulateGain), width);
        RowLoop.Run(team, new BackwardRow(dy, x, gain, inverseDeviation, dx, accumulateX, width), rows, width);
    }

    internal readonly struct ForwardRow(float* x, float* gain, float* y, float* inverseDeviation, int width, float epsilon)
        : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var source = x + (long)row * width;
            var square = RowSum.Of<TSimd, V, RowSum.Products>(new RowSum.Products(source, source), width) / width;
            var inverse = 1 / MathF.Sqrt(square + epsilon);
            if (inverseDeviation != null) inverseDeviation[row] = inverse;
            var step = new ForwardStep(source, gain, inverse, y + (long)row * width);
            FlatLoop.Range<TSimd, V, ForwardStep>(step, 0, width);
        }
    }

    internal readonly struct BackwardRow(float* dy, float* x, float* gain, float* inverseDeviation, float* dx, bool accumulate,
        int width) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var first = (long)row * width;
            var normalised = new Normalised(x + first, 0, inverseDeviation[row]);
            var deviationTerm =
                RowSum.Of<TSimd, V, DeviationTerms>(new DeviationTerms(dy + first, gain, normalised), width) / width;
            var step = new NormGradientStep(dy + first, gain, normalised, inverseDeviation[row], 0, deviationTerm, dx + first,
                accumulate);
            FlatLoop.Range<TSimd, V, NormGradientStep>(step, 0, width);
        }
    }

    internal readonly struct GainStep(GainTerms terms, int rows, float* dgain, bool accumulate) : IColumnStep
    {
        public void Columns<TSimd, V>(int first, int end) where TSimd : struct, ISimd<V> where V : struct =>
            ColumnSum.Columns<TSimd, V, GainTerms>(terms, rows, first, end, dgain, accumulate);
    }

    private readonly struct ForwardStep(float* x, float* gain, float inverse, float* y) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly float* _gain = gain;
        private readonly float _inverse = inverse;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var normalised = TSimd.Multiply(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_inverse));
            TSimd.StorePart(TSimd.Multiply(normalised, TSimd.LoadPart(_gain + index, lanes)), _y + index, lanes);
        }
    }
}
