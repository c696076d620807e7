using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>sum = residual + dropout(x) and y = norm(sum) in one pass over memory: rows of the sum are normalised while they are
/// in the first-level cache. The bits are those of the two kernels one after the other.</summary>
internal static class ResidualNorm
{
    /// <param name="team">The threads.</param>
    /// <param name="sum">[rows, width] each of x, residual and sum.</param>
    /// <param name="norm"><see cref="LayerNorm.ForwardRow"/> or <see cref="RmsNorm.ForwardRow"/>, from the sum to y.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    public static void Forward<TNorm>(ThreadTeam team, Dropout.Elements sum, TNorm norm, int rows, int width)
        where TNorm : unmanaged, IRowStep
    {
        var groups = (rows + NormBackward.RowsAtOnce - 1) / NormBackward.RowsAtOnce;
        RowLoop.Run(team, new Group<TNorm>(sum, norm, rows, width), groups, NormBackward.RowsAtOnce * width);
    }

    internal readonly struct Group<TNorm>(Dropout.Elements sum, TNorm norm, int rows, int width) : IRowStep
        where TNorm : unmanaged, IRowStep
    {
        /// <summary>Does one group of rows.</summary>
        public void Row<TSimd, V>(int group) where TSimd : struct, ISimd<V> where V : struct
        {
            var first = group * NormBackward.RowsAtOnce;
            var end = Math.Min(rows, first + NormBackward.RowsAtOnce);
            sum.Range<TSimd, V>((long)first * width, (long)end * width);
            for (var row = first; row < end; row++) norm.Row<TSimd, V>(row);
        }
    }
}
