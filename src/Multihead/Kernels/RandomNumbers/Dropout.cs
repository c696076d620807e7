using System.Diagnostics;
using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.RandomNumbers;

/// <summary>Sets elements to zero at random and scales the rest by 1 / (1 - rate). Element i is kept if word i of the key's
/// <see cref="Philox"/> stream is at least rate * 2^32: no mask is stored. "Dropout: A Simple Way to Prevent Neural
/// Networks from Overfitting", 2014.</summary>
internal static unsafe class Dropout
{
    /// <summary>y[i] = dropout(x[i]); y may be x.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="x">[count].</param>
    /// <param name="y">[count].</param>
    /// <param name="count">Elements.</param>
    /// <param name="rate">The share that is dropped, 0 to below 1.</param>
    /// <param name="key">The pattern.</param>
    public static void Apply(ThreadTeam team, float* x, float* y, long count, float rate, DropoutKey key) =>
        Run(team, x, null, y, count, rate, key);

    /// <summary>y[i] = residual[i] + dropout(x[i]); y may be either.</summary>
    public static void ApplyAndAdd(ThreadTeam team, float* x, float* residual, float* y, long count, float rate,
        DropoutKey key) =>
        Run(team, x, residual, y, count, rate, key);

    /// <summary>dx[i] = dropout(dy[i]) with the pattern of the forward pass, or dx[i] += that; dx may be dy.</summary>
    public static void Backward(ThreadTeam team, float* dy, float* dx, long count, float rate, DropoutKey key, bool accumulate) =>
        Run(team, dy, accumulate ? dx : null, dx, count, rate, key);

    /// <summary>Words below it drop their element.</summary>
    public static uint Threshold(float rate) => (uint)Math.Min(uint.MaxValue, Math.Round(rate * (double)(1L << 32)));

    /// <summary>What the elements that are kept are multiplied by.</summary>
    public static float Scale(float rate) => (float)(1 / (1 - (double)rate));

    private static void Run(ThreadTeam team, float* x, float* residual, float* y, long count, float rate, DropoutKey key)
    {
        Debug.Assert(rate is >= 0 and < 1);
        var job = new ChunkJob(x, residual, y, count, rate, key);
        team.Run(new VectorJob<ChunkJob>(job), FlatLoop.ChunkCount(count));
    }

    internal readonly struct ChunkJob(float* x, float* residual, float* y, long count, float rate, DropoutKey key) : IVectorJob
    {
        private readonly float* _x = x;
        private readonly float* _residual = residual;
        private readonly float* _y = y;
        private readonly long _count = count;
        private readonly uint _threshold = Threshold(rate);
        private readonly float _scale = Scale(rate);
        private readonly DropoutKey _key = key;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var keys = stackalloc float[Philox.KeyFloats];
            Philox.PrepareKeys<TSimd, V>(keys, _key.Seed);
            var n = TSimd.Count;
            var i = (long)part * FlatLoop.ChunkLength;
            var end = Math.Min(_count, i + FlatLoop.ChunkLength);
            for (; i < end; i += 2 * n)
            {
                Philox.Words<TSimd, V>(keys, (ulong)i / 4, _key.Stream, out var first, out var second);
                if (i + 2 * n <= end)
                {
                    Keep<TSimd, V>(first, i, n);
                    Keep<TSimd, V>(second, i + n, n);
                    continue;
                }
                Keep<TSimd, V>(first, i, (int)Math.Min(n, end - i));
                if (i + n < end) Keep<TSimd, V>(second, i + n, (int)(end - i - n));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Keep<TSimd, V>(V words, long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var scaled = TSimd.Multiply(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_scale));
            var kept = TSimd.Select(TSimd.LessThanUInt32(words, TSimd.CreateUInt32(_threshold)), TSimd.Zero, scaled);
            if (_residual != null) kept = TSimd.Add(TSimd.LoadPart(_residual + index, lanes), kept);
            TSimd.StorePart(kept, _y + index, lanes);
        }
    }
}
