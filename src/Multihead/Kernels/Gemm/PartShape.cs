namespace Multihead.Kernels.Gemm;

/// <summary>How C is cut into parts for the threads; a matter of speed alone.</summary>
/// <param name="Rows">Rows of a part, a multiple of <see cref="Tile.Rows"/>.</param>
/// <param name="Columns">Columns of a part, a multiple of <see cref="Tile.Columns"/>.</param>
internal readonly record struct PartShape(int Rows, int Columns)
{
    private const int FewestColumnPanels = 4; // what the kernel for one row takes at once
    private const long WorthAPart = 100_000; // multiply-adds beside which handing out a part is cheap

    /// <summary>The shape for a product [rows, depth] x [depth, columns]: the largest that keeps all threads busy to the end, or
    /// the smallest worth its handing out. Every part packs its own sides, so parts are as large and as square as may be, and
    /// as even as whole panels allow.</summary>
    public static PartShape For(int rows, int columns, int depth, int threadCount)
    {
        int down = 1, across = Panels.Count(columns, RightBlock.MaxColumns);
        while (true)
        {
            var rowPanels = Panels.Count(Panels.Count(rows, Tile.Rows), down);
            var columnPanels = Panels.Count(Panels.Count(columns, Tile.Columns), across);
            var shape = new PartShape(rowPanels * Tile.Rows, columnPanels * Tile.Columns);
            var parts = (long)Panels.Count(rows, shape.Rows) * Panels.Count(columns, shape.Columns);
            var work = (long)Math.Min(rows, shape.Rows) * Math.Min(columns, shape.Columns) * depth;
            if (KeepsBusy(parts, threadCount) || work < 2 * WorthAPart) return shape;
            if (columnPanels > FewestColumnPanels && (shape.Columns >= shape.Rows || rowPanels == 1)) across++;
            else if (rowPanels > 1) down++;
            else return shape;
        }
    }

    // No thread is without a part, and in the last round at most a ninth of all the threads' time idle.
    private static bool KeepsBusy(long parts, int threadCount)
    {
        var rounds = (parts + threadCount - 1) / threadCount;
        return threadCount == 1 || (parts >= threadCount && 8 * rounds * threadCount <= 9 * parts);
    }
}
