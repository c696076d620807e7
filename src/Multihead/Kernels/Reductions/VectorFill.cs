using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Reductions;

/// <summary>Setting and copying arrays in parallel.</summary>
internal static unsafe class VectorFill
{
    /// <summary>y[i] = value.</summary>
    public static void Fill(ThreadTeam team, float* y, long count, float value) =>
        FlatLoop.Run(team, new FillStep(y, value), count);

    /// <summary>y[i] = x[i]; the two must not overlap, unless they are the same.</summary>
    public static void Copy(ThreadTeam team, float* x, float* y, long count) => FlatLoop.Run(team, new CopyStep(x, y), count);

    internal readonly struct FillStep(float* y, float value) : IVectorStep
    {
        private readonly float* _y = y;
        private readonly float _value = value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.StorePart(TSimd.Create(_value), _y + index, lanes);
    }

    internal readonly struct CopyStep(float* x, float* y) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.StorePart(TSimd.LoadPart(_x + index, lanes), _y + index, lanes);
    }
}
