using System.Runtime.CompilerServices;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Simd;

/// <summary>What an elementwise kernel does to one vector of elements.</summary>
internal interface IVectorStep
{
    /// <summary>Does elements <paramref name="index"/> .. <paramref name="index"/> + <paramref name="lanes"/> - 1, where lanes is
    /// 1..Count. What an element becomes must not depend on its lane.</summary>
    void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>The loop over flat memory, written once for all elementwise kernels.</summary>
internal static class FlatLoop
{
    /// <summary>Elements of a part: fixed, so that nothing depends on the number of threads.</summary>
    public const int ChunkLength = 16_384;

    /// <summary>Steps over elements 0..<paramref name="count"/>-1, in parallel.</summary>
    public static void Run<TStep>(ThreadTeam team, TStep step, long count) where TStep : unmanaged, IVectorStep =>
        team.Run(new VectorJob<ChunkJob<TStep>>(new ChunkJob<TStep>(step, count)), ChunkCount(count));

    /// <summary>Parts that <paramref name="count"/> elements make.</summary>
    public static int ChunkCount(long count) => checked((int)((count + ChunkLength - 1) / ChunkLength));

    /// <summary>Steps over elements first..<paramref name="end"/>-1: whole vectors, then what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Range<TSimd, V, TStep>(TStep step, long first, long end)
        where TSimd : struct, ISimd<V> where V : struct where TStep : unmanaged, IVectorStep
    {
        var i = first;
        for (; i + TSimd.Count <= end; i += TSimd.Count) step.Step<TSimd, V>(i, TSimd.Count);
        if (i < end) step.Step<TSimd, V>(i, (int)(end - i));
    }

    private readonly struct ChunkJob<TStep>(TStep step, long count) : IVectorJob where TStep : unmanaged, IVectorStep
    {
        private readonly TStep _step = step;
        private readonly long _count = count;

        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var first = (long)part * ChunkLength;
            Range<TSimd, V, TStep>(_step, first, Math.Min(_count, first + ChunkLength));
        }
    }
}
