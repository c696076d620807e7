namespace Multihead.Kernels.Gemm;

/// <summary>Some panels of B over a block of the depth: [panel, words, Tile.Columns], the panels <c>PanelStride</c> words apart.
/// </summary>
internal readonly unsafe struct RightBlock(float* panels, long panelStride)
{
    /// <summary>Columns of the widest block: with the longest depth it fills half of a second-level cache of 1 MB.</summary>
    public const int MaxColumns = 512;

    /// <summary>Words of memory that the largest block takes.</summary>
    public const int MaxWords = MaxColumns * DepthBlocks.Most;

    public readonly float* Panels = panels;
    public readonly long PanelStride = panelStride;

    /// <summary>Packs the block of <paramref name="b"/>'s columns from <paramref name="column"/> on and words from
    /// <paramref name="word"/> on into <paramref name="memory"/>.</summary>
    public static RightBlock Pack(in Matrix b, ProductFormat format, int column, int columns, int word, int words, float* memory)
    {
        var block = b.Part(word * format.ElementsPerWord(), format.Elements(b.Rows, word, words), column, columns);
        Gemm.Panels.Pack(format, block.Transposed, Tile.Columns, memory);
        return new RightBlock(memory, (long)words * Tile.Columns);
    }
}
