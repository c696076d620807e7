using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Optimizers;

/// <summary>The length of a gradient, for clipping.</summary>
internal static unsafe class GradientNorm
{
    // Squares are added in fp32 over short rows, the rows in double.
    private const int RowLength = 1024;
    private const int ChunksAtOnce = 1024;

    /// <summary>The sum of x[i]^2: chunks of fixed size, added in ascending order, so that its bits do not depend on the
    /// threads. Infinite or NaN as soon as an element, or a square, is.</summary>
    public static double SumOfSquares(ThreadTeam team, float* x, long count)
    {
        var partial = stackalloc double[ChunksAtOnce];
        var total = 0.0;
        const long atOnce = (long)ChunksAtOnce * FlatLoop.ChunkLength;
        for (long first = 0; first < count; first += atOnce)
        {
            var length = Math.Min(atOnce, count - first);
            var chunks = FlatLoop.ChunkCount(length);
            team.Run(new VectorJob<ChunkJob>(new ChunkJob(x + first, length, partial)), chunks);
            for (var i = 0; i < chunks; i++) total += partial[i];
        }
        return total;
    }

    internal readonly struct ChunkJob(float* x, long count, double* partial) : IVectorJob
    {
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var end = Math.Min(count, (part + 1L) * FlatLoop.ChunkLength);
            var total = 0.0;
            for (var i = (long)part * FlatLoop.ChunkLength; i < end; i += RowLength)
            {
                var squares = new RowSum.Products(x + i, x + i);
                total += RowSum.Of<TSimd, V, RowSum.Products>(squares, (int)Math.Min(RowLength, end - i));
            }
            partial[part] = total;
        }
    }
}
