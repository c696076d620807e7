using System.Runtime.CompilerServices;
using Multihead.Kernels.Activations;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Activations;

/// <summary>An activation over flat memory, as a pass of its own.</summary>
internal static unsafe class ActivationSteps
{
    /// <summary>y[i] = f(x[i]); y may be x.</summary>
    public readonly struct Forward<TActivation>(float* x, float* y) : IVectorStep
        where TActivation : unmanaged, IActivation
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.StorePart(TActivation.Forward<TSimd, V>(TSimd.LoadPart(_x + index, lanes)), _y + index, lanes);
    }

    /// <summary>dx[i] = dy[i] f'(x[i]), or dx[i] += that; dx may be dy or x.</summary>
    public readonly struct Backward<TActivation>(float* x, float* dy, float* dx, bool accumulate) : IVectorStep
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
