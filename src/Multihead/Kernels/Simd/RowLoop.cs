using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Simd;

/// <summary>What a kernel does to one row of a matrix.</summary>
internal interface IRowStep
{
    /// <summary>Does one row; its result must not depend on the other rows.</summary>
    void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>The loop over the rows of a matrix, in parallel.</summary>
internal static class RowLoop
{
    /// <summary>Does rows 0..<paramref name="rows"/>-1 of <paramref name="width"/> elements each.</summary>
    public static void Run<TStep>(ThreadTeam team, TStep step, int rows, int width) where TStep : unmanaged, IRowStep
    {
        var perPart = Math.Max(1, FlatLoop.ChunkLength / Math.Max(1, width));
        team.Run(new VectorJob<RowsJob<TStep>>(new RowsJob<TStep>(step, rows, perPart)), (rows + perPart - 1) / perPart);
    }

    private readonly struct RowsJob<TStep>(TStep step, int rows, int perPart) : IVectorJob where TStep : unmanaged, IRowStep
    {
        private readonly TStep _step = step;
        private readonly int _rows = rows;
        private readonly int _perPart = perPart;

        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var end = Math.Min(_rows, (part + 1) * _perPart);
            for (var row = part * _perPart; row < end; row++) _step.Row<TSimd, V>(row);
        }
    }
}
