using System.Runtime.Intrinsics;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Simd;

/// <summary>A parallel job whose parts are written for vectors of any width.</summary>
internal interface IVectorJob
{
    /// <summary>Does part number <paramref name="part"/>; which thread does it is not defined.</summary>
    void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>Runs an <see cref="IVectorJob"/> at the width of this process.</summary>
internal readonly struct VectorJob<TJob>(TJob job) : IParallelJob where TJob : unmanaged, IVectorJob
{
    private readonly TJob _job = job;

    public void Run(int part)
    {
        if (SimdPath.Is512) _job.Run<Simd512, Vector512<float>>(part);
        else if (SimdPath.Is256) _job.Run<Simd256, Vector256<float>>(part);
        else _job.Run<Simd128, Vector128<float>>(part);
    }
}
