using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>The right-hand side of a product, packed into panels once and used many times. The memory belongs to the caller.
/// </summary>
internal readonly unsafe struct PackedMatrix
{
    public readonly float* Panels; // [panel, words, Tile.Columns]
    public readonly int Depth;
    public readonly int Columns;
    public readonly ProductFormat Format;

    private PackedMatrix(float* panels, int depth, int columns, ProductFormat format)
    {
        Panels = panels;
        Depth = depth;
        Columns = columns;
        Format = format;
    }

    /// <summary>Words of 32 bits along the depth.</summary>
    public int Words => Format.Words(Depth);

    /// <summary>Floats of memory that packing a [depth, columns] matrix takes.</summary>
    public static long FloatCount(int depth, int columns, ProductFormat format = ProductFormat.Fp32) =>
        (long)Gemm.Panels.Count(columns, Tile.Columns) * Tile.Columns * format.Words(depth);

    /// <summary>Packs <paramref name="b"/> ([depth, columns]) into <paramref name="memory"/> of
    /// <see cref="FloatCount"/> floats.</summary>
    public static PackedMatrix Pack(ThreadTeam team, in Matrix b, float* memory, ProductFormat format = ProductFormat.Fp32)
    {
        var packed = new PackedMatrix(memory, b.Rows, b.Columns, format);
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
            var panel = Source.Part(0, Source.Rows, first, Math.Min(Tile.Columns, Source.Columns - first));
            Gemm.Panels.Pack(Packed.Format, panel.Transposed, Tile.Columns, Packed.Panels + (long)first * Packed.Words);
        }
    }
}
