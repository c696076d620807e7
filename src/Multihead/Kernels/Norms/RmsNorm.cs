using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>y = x / sqrt(mean of x^2 + epsilon) * gain along each row. Root Mean Square Layer Normalization,
/// https://arxiv.org/abs/1910.07467. Its gradients: <see cref="NormBackward"/>.</summary>
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
