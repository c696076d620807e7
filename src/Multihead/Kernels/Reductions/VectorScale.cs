using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Reductions;

/// <summary>An array times a number.</summary>
internal static unsafe class VectorScale
{
    /// <summary>y[i] = x[i] * factor; y may be x.</summary>
    public static void Scale(ThreadTeam team, float* x, float* y, long count, float factor) =>
        FlatLoop.Run(team, new ScaleStep(x, y, factor), count);

    internal readonly struct ScaleStep(float* x, float* y, float factor) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.StorePart(TSimd.Multiply(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_factor)), _y + index, lanes);
    }
}
