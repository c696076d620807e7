using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>The right-hand side of a product, packed into panels once and used many times. The memory belongs to the caller.
/// </summary>
internal readonly unsafe struct PackedMatrix
{
    public readonly float* Panels; // [panel, depth, Tile.Columns]
    public readonly int Depth;
    public readonly int Columns;

    private PackedMatrix(float* panels, int depth, int columns)
    {
        Panels = panels;
        Depth = depth;
        Columns = columns;
    }

    /// <summary>Floats that packing a [depth, columns] matrix takes.</summary>
    public static long FloatCount(int depth, int columns) =>
        (long)Gemm.Panels.Count(columns, Tile.Columns) * Tile.Columns * depth;

    /// <summary>Packs <paramref name="b"/> ([depth, columns]) into <paramref name="memory"/> of
    /// <see cref="FloatCount"/> floats.</summary>
    public static PackedMatrix Pack(ThreadTeam team, in Matrix b, float* memory)
    {
        var packed = new PackedMatrix(memory, b.Rows, b.Columns);
        team.Run(new PackJob { Source = b, Packed = packed }, Gemm.Panels.Count(b.Columns, Tile.Columns));
        return packed;
    }

    private struct PackJob : IParallelJob
    {
        public Matrix Source;
        public PackedMatrix Packed;

        public readonly void Run(int part)
        {
            var first = part * Tile.Columns;
            Gemm.Panels.Pack(Source.Data + first * Source.ColumnStride, Source.ColumnStride, Source.RowStride,
                Math.Min(Tile.Columns, Source.Columns - first), Source.Rows, Tile.Columns,
                Packed.Panels + (long)first * Packed.Depth);
        }
    }
}
