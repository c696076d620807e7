using System.Diagnostics;
using System.Runtime.CompilerServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Optimizers;

/// <summary>Adam, https://arxiv.org/abs/1412.6980, with bias correction, and with the decoupled weight decay of AdamW,
/// https://arxiv.org/abs/1711.05101: one sweep over flat memory, which also makes a bf16 copy of the new weights.</summary>
internal static unsafe class Adam
{
    /// <summary>With g = GradientScale * gradient: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
    /// weight -= LearningRate (m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + Epsilon) + WeightDecay weight).</summary>
    /// <param name="team">The threads.</param>
    /// <param name="weight">[count], updated.</param>
    /// <param name="gradient">[count].</param>
    /// <param name="m">[count], the running mean of gradients, updated; zeros before the first step.</param>
    /// <param name="v">[count], the running mean of squared gradients, updated; zeros before the first step.</param>
    /// <param name="halves">[count]: becomes the new weights rounded to bf16; null for none.</param>
    /// <param name="count">Elements.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void Step(ThreadTeam team, float* weight, float* gradient, float* m, float* v, ushort* halves, long count,
        in AdamStep step)
    {
        Debug.Assert(step.Step >= 1);
        FlatLoop.Run(team, new UpdateStep(weight, gradient, m, v, halves, step), count);
    }

    internal readonly struct UpdateStep(float* weight, float* gradient, float* m, float* v, ushort* halves, in AdamStep step)
        : IVectorStep
    {
        private readonly float* _weight = weight;
        private readonly float* _gradient = gradient;
        private readonly float* _m = m;
        private readonly float* _v = v;
        private readonly ushort* _halves = halves;
        private readonly float _scale = step.GradientScale;
        private readonly float _beta1 = step.Beta1;
        private readonly float _rest1 = (float)(1 - (double)step.Beta1);
        private readonly float _beta2 = step.Beta2;
        private readonly float _rest2 = (float)(1 - (double)step.Beta2);
        private readonly float _epsilon = step.Epsilon;
        private readonly float _kept = (float)(1 - (double)step.LearningRate * step.WeightDecay);
        // The corrections, moved out of the loop: lr / (1 - b1^t) and 1 / sqrt(1 - b2^t).
        private readonly float _rate = (float)(-step.LearningRate / (1 - Math.Pow(step.Beta1, step.Step)));
        private readonly float _rootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var g = TSimd.Multiply(TSimd.LoadPart(_gradient + index, lanes), TSimd.Create(_scale));
            var mean = TSimd.Multiply(TSimd.LoadPart(_m + index, lanes), TSimd.Create(_beta1));
            mean = TSimd.MultiplyAdd(g, TSimd.Create(_rest1), mean);
            var square = TSimd.Multiply(TSimd.LoadPart(_v + index, lanes), TSimd.Create(_beta2));
            square = TSimd.MultiplyAdd(TSimd.Multiply(g, g), TSimd.Create(_rest2), square);
            TSimd.StorePart(mean, _m + index, lanes);
            TSimd.StorePart(square, _v + index, lanes);
            var root = TSimd.MultiplyAdd(TSimd.Sqrt(square), TSimd.Create(_rootCorrection), TSimd.Create(_epsilon));
            var kept = TSimd.Multiply(TSimd.LoadPart(_weight + index, lanes), TSimd.Create(_kept));
            var updated = TSimd.MultiplyAdd(TSimd.Divide(mean, root), TSimd.Create(_rate), kept);
            TSimd.StorePart(updated, _weight + index, lanes);
            if (_halves != null) Bf16Words.Store<TSimd, V>(updated, _halves + index, lanes);
        }
    }
}
