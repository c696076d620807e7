namespace Multihead.Kernels.Gemm;

/// <summary>How C is cut into parts for the threads; a matter of speed alone.</summary>
/// <param name="Rows">Rows of a part, a multiple of <see cref="Tile.Rows"/>.</param>
/// <param name="Columns">Columns of a part, a multiple of <see cref="Tile.Columns"/>.</param>
internal readonly record struct PartShape(int Rows, int Columns)
{
    // So many panels of A, a block deep, stay in the second-level cache, and each panel of B is fetched once for all of them.
    private const int MostRowPanels = 20;
    private const int MostColumnPanels = 8;
    private const int FewestColumnPanels = 4; // what the kernel for one row takes at once
    private const long WorthAPart = 100_000; // multiply-adds beside which handing out a part is cheap

    /// <summary>The shape for a product [rows, depth] x [depth, columns]: the largest that keeps all threads busy to the end, or
    /// the smallest worth its handing out.</summary>
    public static PartShape For(int rows, int columns, int depth, int threadCount)
    {
        int rowPanels = MostRowPanels, columnPanels = MostColumnPanels;
        while (true)
        {
            var shape = new PartShape(rowPanels * Tile.Rows, columnPanels * Tile.Columns);
            var parts = (long)Panels.Count(rows, shape.Rows) * Panels.Count(columns, shape.Columns);
            var work = (long)Math.Min(rows, shape.Rows) * Math.Min(columns, shape.Columns) * depth;
            if (KeepsBusy(parts, threadCount) || work < 2 * WorthAPart) return shape;
            if (columnPanels > FewestColumnPanels) columnPanels /= 2;
            else if (rowPanels > 1) rowPanels /= 2;
            else return shape;
        }
    }

    // At least two parts a thread, and in the last round at most a ninth of all the threads' time idle.
    private static bool KeepsBusy(long parts, int threadCount)
    {
        var rounds = (parts + threadCount - 1) / threadCount;
        return threadCount == 1 || (parts >= 2 * threadCount && 8 * rounds * threadCount <= 9 * parts);
    }
}
