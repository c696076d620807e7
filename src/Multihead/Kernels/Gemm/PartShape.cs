namespace Multihead.Kernels.Gemm;

/// <summary>How C is cut into parts for the threads; a matter of speed alone.</summary>
/// <param name="Rows">Rows of a part, a multiple of <see cref="Tile.Rows"/>.</param>
/// <param name="Columns">Columns of a part, a multiple of <see cref="Tile.Columns"/>.</param>
internal readonly record struct PartShape(int Rows, int Columns)
{
    // 4 panels of A by 8 of B reuse the caches best. Handing out a part costs about what this many multiply-adds do.
    private const int MostRowPanels = 4;
    private const int MostColumnPanels = 8;
    private const int FewestColumnPanels = 4; // what the kernel for one row takes at once
    private const long WorthAPart = 100_000;

    /// <summary>The shape for a product [rows, depth] x [depth, columns]: smaller where there would be too few parts for the
    /// threads, while a part is still worth its handing out.</summary>
    public static PartShape For(int rows, int columns, int depth, int threadCount)
    {
        int rowPanels = MostRowPanels, columnPanels = MostColumnPanels;
        while (true)
        {
            int partRows = rowPanels * Tile.Rows, partColumns = columnPanels * Tile.Columns;
            var parts = (long)Panels.Count(rows, partRows) * Panels.Count(columns, partColumns);
            var work = (long)Math.Min(rows, partRows) * Math.Min(columns, partColumns) * depth;
            if (threadCount == 1 || parts >= 2 * threadCount || work < 2 * WorthAPart) return new(partRows, partColumns);
            if (columnPanels > FewestColumnPanels) columnPanels /= 2;
            else if (rowPanels > 1) rowPanels /= 2;
            else return new(partRows, partColumns);
        }
    }
}
