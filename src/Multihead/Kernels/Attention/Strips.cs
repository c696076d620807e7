using Multihead.Kernels.Gemm;

namespace Multihead.Kernels.Attention;

/// <summary>Cuts rows into strips that the microkernels take at once: as few as can be, of nearly equal heights, all but the last
/// a multiple of 4, which suits the portable loop of 4 rows and keeps pairs of rows together.</summary>
internal readonly struct Strips(int rows)
{
    private readonly int _rows = rows;

    public int Count => (_rows + Tile.WidestRows - 1) / Tile.WidestRows;

    /// <summary>The first row of a strip; of the one after the last, all rows.</summary>
    public int Start(int strip) => Math.Min(_rows, (_rows * strip / Count + 3) / 4 * 4);
}
