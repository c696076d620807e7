using System.Diagnostics;
using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Losses;

/// <summary>Cross-entropy with label smoothing, and its gradient in the same sweep. With p = softmax(logits), smoothing e and V
/// classes: loss = (1 - e) (-log p[target]) + e/V sum over k of -log p[k]; gradient p - q with q = (1 - e) [k = target] + e/V.
/// Rethinking the Inception Architecture, https://arxiv.org/abs/1512.00567, section 7; as the Transformer of 2017.</summary>
internal static unsafe class CrossEntropyRows
{
    /// <summary>Losses and gradients of rows. A row with NaN, with plus infinity, or with nothing but minus
    /// infinity gives NaN.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="logits">[rows, width]; overwritten by gradientScale * (p - q).</param>
    /// <param name="targets">[rows], each 0..width-1 or <paramref name="ignoredTarget"/>.</param>
    /// <param name="lossPerRow">[rows], the smoothed loss in nats.</param>
    /// <param name="nllPerRow">[rows], plain -log p[target] in nats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Classes.</param>
    /// <param name="smoothing">0 to below 1.</param>
    /// <param name="gradientScale">What the gradient is multiplied by.</param>
    /// <param name="ignoredTarget">Rows with this target have zero loss and zero gradient.</param>
    public static void Forward(ThreadTeam team, float* logits, int* targets, float* lossPerRow, float* nllPerRow, int rows,
        int width, float smoothing, float gradientScale, int ignoredTarget)
    {
        var step = new LossRow(logits, targets, lossPerRow, nllPerRow, width, smoothing, gradientScale, ignoredTarget);
        RowLoop.Run(team, step, rows, width);
    }

    internal readonly struct LossRow(float* logits, int* targets, float* loss, float* nll, int width, float smoothing,
        float gradientScale, int ignoredTarget) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var x = logits + (long)row * width;
            var target = targets[row];
            if (target == ignoredTarget)
            {
                new Span<float>(x, width).Clear();
                loss[row] = nll[row] = 0;
                return;
            }
            Debug.Assert((uint)target < (uint)width);
            var max = RowMax.Of<TSimd, V>(x, width);
            var shiftedTarget = x[target] - max;
            var sum = RowSumPair.Of<TSimd, V, ExpTerms>(new ExpTerms(x, max), width, out var shiftedSum);
            var logSum = Math.Log(sum);
            nll[row] = (float)(logSum - shiftedTarget);
            // Without smoothing a masked class may stand at minus infinity, which must not meet a factor of zero.
            loss[row] = smoothing == 0
                ? nll[row]
                : (float)((1.0 - smoothing) * (logSum - shiftedTarget) + smoothing * (logSum - shiftedSum / width));
            var step = new GradientStep(x, 1 / sum, smoothing / width, gradientScale);
            FlatLoop.Range<TSimd, V, GradientStep>(step, 0, width);
            x[target] -= gradientScale * (1 - smoothing);
        }
    }

    /// <summary>Terms e^(x[i] - shift), also written to x, and x[i] - shift.</summary>
    private readonly struct ExpTerms(float* x, float shift) : IRowTermPair
    {
        private readonly float* _x = x;
        private readonly float _shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Terms<TSimd, V>(int index, int lanes, out V second) where TSimd : struct, ISimd<V> where V : struct
        {
            second = TSimd.Subtract(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_shift));
            var e = VectorMath.Exp<TSimd, V>(second);
            TSimd.StorePart(e, _x + index, lanes);
            return e;
        }
    }

    /// <summary>x[i] = scale (x[i] inverseSum - floor).</summary>
    private readonly struct GradientStep(float* x, float inverseSum, float floor, float scale) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly float _inverseSum = inverseSum;
        private readonly float _floor = floor;
        private readonly float _scale = scale;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var p = TSimd.Multiply(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_inverseSum));
            TSimd.StorePart(TSimd.Multiply(TSimd.Subtract(p, TSimd.Create(_floor)), TSimd.Create(_scale)), _x + index, lanes);
        }
    }
}
