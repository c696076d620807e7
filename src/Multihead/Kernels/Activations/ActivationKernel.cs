using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Activations;

/// <summary>An activation over flat memory, forward and backward.</summary>
internal static unsafe class ActivationKernel
{
    /// <summary>y[i] = f(x[i]); y may be x.</summary>
    public static void Forward<TActivation>(ThreadTeam team, float* x, float* y, long count)
        where TActivation : unmanaged, IActivation =>
        FlatLoop.Run(team, new ForwardStep<TActivation>(x, y), count);

    /// <summary>dx[i] = dy[i] f'(x[i]), or dx[i] += that; dx may be dy or x.</summary>
    public static void Backward<TActivation>(ThreadTeam team, float* x, float* dy, float* dx, long count, bool accumulate)
        where TActivation : unmanaged, IActivation =>
        FlatLoop.Run(team, new BackwardStep<TActivation>(x, dy, dx, accumulate), count);

    internal readonly struct ForwardStep<TActivation>(float* x, float* y) : IVectorStep
        where TActivation : unmanaged, IActivation
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.StorePart(TActivation.Forward<TSimd, V>(TSimd.LoadPart(_x + index, lanes)), _y + index, lanes);
    }

    internal readonly struct BackwardStep<TActivation>(float* x, float* dy, float* dx, bool accumulate) : IVectorStep
        where TActivation : unmanaged, IActivation
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly bool _accumulate = accumulate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var slope = TActivation.Derivative<TSimd, V>(TSimd.LoadPart(_x + index, lanes));
            var gradient = TSimd.Multiply(TSimd.LoadPart(_dy + index, lanes), slope);
            if (_accumulate) gradient = TSimd.Add(TSimd.LoadPart(_dx + index, lanes), gradient);
            TSimd.StorePart(gradient, _dx + index, lanes);
        }
    }
}
