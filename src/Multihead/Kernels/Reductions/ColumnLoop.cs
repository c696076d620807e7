using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Reductions;

/// <summary>What a kernel does to a few neighbouring columns of a matrix.</summary>
internal interface IColumnStep
{
    /// <summary>Does columns <paramref name="first"/>..<paramref name="end"/>-1, rows ascending.</summary>
    void Columns<TSimd, V>(int first, int end) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>The loop over the columns of a matrix: every part owns a fixed range of them, so that sums down the rows need no
/// locks and have one order.</summary>
internal static class ColumnLoop
{
    /// <summary>Columns of a part; a multiple of every vector's length.</summary>
    public const int PartWidth = 64;

    /// <summary>Does columns 0..<paramref name="width"/>-1.</summary>
    public static void Run<TStep>(ThreadTeam team, TStep step, int width) where TStep : unmanaged, IColumnStep =>
        team.Run(new VectorJob<ColumnsJob<TStep>>(new ColumnsJob<TStep>(step, width)), (width + PartWidth - 1) / PartWidth);

    private readonly struct ColumnsJob<TStep>(TStep step, int width) : IVectorJob where TStep : unmanaged, IColumnStep
    {
        private readonly TStep _step = step;
        private readonly int _width = width;

        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct =>
            _step.Columns<TSimd, V>(part * PartWidth, Math.Min(_width, (part + 1) * PartWidth));
    }
}
