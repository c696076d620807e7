using System.Runtime.CompilerServices;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Softmax;

/// <summary>Softmax along the rows of a matrix.</summary>
internal static unsafe class Softmax
{
    /// <summary>y[i, j] = e^(x[i, j] - max) / sum over k of e^(x[i, k] - max). A row of minus infinity alone (everything masked)
    /// gives zeros; a row with NaN or plus infinity gives NaN.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="y">[rows, width]; may be x.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    public static void Forward(ThreadTeam team, float* x, float* y, int rows, int width) =>
        RowLoop.Run(team, new ForwardRow(x, y, width), rows, width);

    /// <summary>dx[i, j] = y[i, j] (dy[i, j] - sum over k of y[i, k] dy[i, k]), or dx += that.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="y">[rows, width], what <see cref="Forward"/> gave.</param>
    /// <param name="dy">[rows, width].</param>
    /// <param name="dx">[rows, width]; may be dy or y.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="accumulate">Whether dx is added to.</param>
    public static void Backward(ThreadTeam team, float* y, float* dy, float* dx, int rows, int width, bool accumulate) =>
        RowLoop.Run(team, new BackwardRow(y, dy, dx, width, accumulate), rows, width);

    internal readonly struct ForwardRow(float* x, float* y, int width) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            float* source = x + (long)row * width, result = y + (long)row * width;
            var max = RowMax.Of<TSimd, V>(source, width);
            // Any finite shift makes the terms of such a row zeros; minus infinity would make them NaN.
            if (float.IsNegativeInfinity(max)) max = 0;
            var sum = RowSum.Of<TSimd, V, ExpTerms>(new ExpTerms(source, result, max), width);
            var factor = sum == 0 ? 0 : 1 / sum;
            FlatLoop.Range<TSimd, V, VectorScale.ScaleStep>(new VectorScale.ScaleStep(result, result, factor), 0, width);
        }
    }

    internal readonly struct BackwardRow(float* y, float* dy, float* dx, int width, bool accumulate) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var first = (long)row * width;
            var dot = RowSum.Of<TSimd, V, RowSum.Products>(new RowSum.Products(y + first, dy + first), width);
            var step = new BackwardStep(y + first, dy + first, dx + first, dot, accumulate);
            FlatLoop.Range<TSimd, V, BackwardStep>(step, 0, width);
        }
    }

    private readonly struct BackwardStep(float* y, float* dy, float* dx, float dot, bool accumulate) : IVectorStep
    {
        private readonly float* _y = y;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly float _dot = dot;
        private readonly bool _accumulate = accumulate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var centred = TSimd.Subtract(TSimd.LoadPart(_dy + index, lanes), TSimd.Create(_dot));
            var gradient = TSimd.Multiply(TSimd.LoadPart(_y + index, lanes), centred);
            if (_accumulate) gradient = TSimd.Add(TSimd.LoadPart(_dx + index, lanes), gradient);
            TSimd.StorePart(gradient, _dx + index, lanes);
        }
    }
}
