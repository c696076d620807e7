namespace Multihead.Kernels.Gemm;

/// <summary>B of a product: packed before, or a matrix whose blocks are packed when they are needed.</summary>
internal readonly unsafe struct RightSide
{
    private readonly Matrix _matrix;
    private readonly float* _panels; // null where there is the matrix alone

    public readonly ProductFormat Format;

    public RightSide(in PackedMatrix packed)
    {
        _matrix = new Matrix((float*)null, packed.Depth, packed.Columns);
        _panels = packed.Panels;
        Format = packed.Format;
    }

    public RightSide(in Matrix matrix, ProductFormat format)
    {
        _matrix = matrix;
        Format = format;
    }

    public int Depth => _matrix.Rows;
    public int Columns => _matrix.Columns;
    public int Words => Format.Words(_matrix.Rows);

    /// <summary>The block of columns from <paramref name="column"/> on, a multiple of <see cref="Tile.Columns"/>, and words
    /// from <paramref name="word"/> on.</summary>
    public RightBlock Block(int column, int columns, int word, int words, float* memory) => _panels == null
        ? RightBlock.Pack(_matrix, Format, column, columns, word, words, memory)
        : new RightBlock(_panels + (long)column * Words + (long)word * Tile.Columns, (long)Words * Tile.Columns);
}
