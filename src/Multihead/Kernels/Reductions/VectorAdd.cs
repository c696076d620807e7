using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Reductions;

/// <summary>Sums of two arrays, element by element.</summary>
internal static unsafe class VectorAdd
{
    /// <summary>z[i] = x[i] + y[i]; z may be x or y.</summary>
    public static void Add(ThreadTeam team, float* x, float* y, float* z, long count) =>
        FlatLoop.Run(team, new AddStep(x, y, z), count);

    /// <summary>y[i] += x[i].</summary>
    public static void Accumulate(ThreadTeam team, float* x, float* y, long count) => Add(team, y, x, y, count);

    internal readonly struct AddStep(float* x, float* y, float* z) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly float* _z = z;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.StorePart(TSimd.Add(TSimd.LoadPart(_x + index, lanes), TSimd.LoadPart(_y + index, lanes)), _z + index, lanes);
    }
}
