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
        Run(team, new Elements(x, null, y, rate, key), count);

    /// <summary>dx[i] = dropout(dy[i]) with the pattern of the forward pass, or dx[i] += that; dx may be dy.</summary>
    public static void Backward(ThreadTeam team, float* dy, float* dx, long count, float rate, DropoutKey key, bool accumulate) =>
        Run(team, new Elements(dy, accumulate ? dx : null, dx, rate, key), count);

    /// <summary>Words below it drop their element.</summary>
    public static uint Threshold(float rate) => (uint)Math.Min(uint.MaxValue, Math.Round(rate * (double)(1L << 32)));

    /// <summary>What the elements that are kept are multiplied by.</summary>
    public static float Scale(float rate) => (float)(1 / (1 - (double)rate));

    /// <summary>Does elements 0..<paramref name="count"/>-1.</summary>
    public static void Run(ThreadTeam team, Elements elements, long count) =>
        team.Run(new VectorJob<ChunkJob>(new ChunkJob(elements, count)), FlatLoop.ChunkCount(count));

    internal readonly struct ChunkJob(Elements elements, long count) : IVectorJob
    {
        [SkipLocalsInit]
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var keys = stackalloc float[Philox.KeyFloats];
            elements.Prepare<TSimd, V>(keys);
            var first = (long)part * FlatLoop.ChunkLength;
            elements.Range<TSimd, V>(keys, first, Math.Min(count, first + FlatLoop.ChunkLength));
        }
    }

    /// <summary>y[i] = dropout(x[i]), plus residual[i] where residual is not null; y may be either. Any range of it, so that a
    /// kernel which goes on with y can do so while y is in the cache.</summary>
    internal readonly struct Elements
    {
        private readonly float* _x;
        private readonly float* _residual;
        private readonly float* _y;
        private readonly uint _threshold;
        private readonly float _scale;
        private readonly DropoutKey _key;

        public Elements(float* x, float* residual, float* y, float rate, DropoutKey key)
        {
            Debug.Assert(rate is >= 0 and < 1);
            _x = x;
            _residual = residual;
            _y = y;
            _key = key;
            _threshold = Threshold(rate);
            _scale = Scale(rate);
        }

        /// <summary>Writes the keys that every range takes: <see cref="Philox.KeyFloats"/> floats.</summary>
        public void Prepare<TSimd, V>(float* keys) where TSimd : struct, ISimd<V> where V : struct =>
            Philox.PrepareKeys<TSimd, V>(keys, _key.Seed);

        /// <summary>Does elements <paramref name="first"/>..<paramref name="end"/>-1.</summary>
        /// <param name="keys">What <see cref="Prepare"/> wrote.</param>
        /// <param name="first">A multiple of 4: a counter of Philox gives four words.</param>
        /// <param name="end">The first element that is left alone.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Range<TSimd, V>(float* keys, long first, long end) where TSimd : struct, ISimd<V> where V : struct
        {
            Debug.Assert(first % 4 == 0);
            var n = TSimd.Count;
            var i = first;
            if (_threshold == 0) // nothing is dropped, and nothing drawn
            {
                for (; i + n <= end; i += n) Keep<TSimd, V>(TSimd.Zero, i, n);
                if (i < end) Keep<TSimd, V>(TSimd.Zero, i, (int)(end - i));
                return;
            }
            for (; i < end; i += 2 * n)
            {
                Philox.Words<TSimd, V>(keys, (ulong)i / 4, _key.Stream, out var low, out var high);
                if (i + 2 * n <= end)
                {
                    Keep<TSimd, V>(low, i, n);
                    Keep<TSimd, V>(high, i + n, n);
                    continue;
                }
                Keep<TSimd, V>(low, i, (int)Math.Min(n, end - i));
                if (i + n < end) Keep<TSimd, V>(high, i + n, (int)(end - i - n));
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
