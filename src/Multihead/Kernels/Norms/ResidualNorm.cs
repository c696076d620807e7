using System.Runtime.CompilerServices;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>sum = residual + dropout(x) and y = norm(sum) in one pass over memory: rows of the sum are normalised while they are
/// in the first-level cache. The bits are those of the two kernels one after the other.</summary>
internal static unsafe class ResidualNorm
{
    // They fit the first-level cache, and four rows of any width begin at a whole counter of Philox.
    internal const int RowsAtOnce = 4;

    /// <param name="team">The threads.</param>
    /// <param name="sum">[rows, width] each of x, residual and sum.</param>
    /// <param name="norm"><see cref="LayerNorm.ForwardRow"/> or <see cref="RmsNorm.ForwardRow"/>, from the sum to y.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    public static void Forward<TNorm>(ThreadTeam team, Dropout.Elements sum, TNorm norm, int rows, int width)
        where TNorm : unmanaged, IRowStep
    {
        var perPart = Math.Max(1, FlatLoop.ChunkLength / (RowsAtOnce * width)) * RowsAtOnce;
        var job = new RowsJob<TNorm>(sum, norm, rows, width, perPart);
        team.Run(new VectorJob<RowsJob<TNorm>>(job), (rows + perPart - 1) / perPart);
    }

    internal readonly struct RowsJob<TNorm>(Dropout.Elements sum, TNorm norm, int rows, int width, int perPart) : IVectorJob
        where TNorm : unmanaged, IRowStep
    {
        [SkipLocalsInit]
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var keys = stackalloc float[Philox.KeyFloats];
            sum.Prepare<TSimd, V>(keys);
            var end = Math.Min(rows, (part + 1) * perPart);
            for (var row = part * perPart; row < end;)
            {
                var last = Math.Min(end, row + RowsAtOnce);
                sum.Range<TSimd, V>(keys, (long)row * width, (long)last * width);
                for (; row < last; row++) norm.Row<TSimd, V>(row);
            }
        }
    }
}
