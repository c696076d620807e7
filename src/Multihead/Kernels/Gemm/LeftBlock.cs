namespace Multihead.Kernels.Gemm;

/// <summary>Some panels of A over a block of the depth, as microkernels read them: the word of a row and a step stands at
/// Words + panel * PanelBytes + row * RowBytes + step * StepBytes, in bytes.</summary>
internal readonly unsafe struct LeftBlock
{
    /// <summary>Rows that are packed at once: whole panels on every path, few enough to stay in the second-level cache beside
    /// a <see cref="RightBlock"/>, enough that their reading goes along memory.</summary>
    public const int MaxRows = 48;

    // Rows that begin a power of two apart would meet in the same sets of the first-level cache.
    private const int Gap = 16;

    /// <summary>Words of memory that the largest block takes.</summary>
    public const int MaxWords = MaxRows * (DepthBlocks.Most + Gap);

    public readonly float* Words;
    public readonly long PanelBytes;
    public readonly long RowBytes;
    public readonly long StepBytes;

    private LeftBlock(void* words, long panelBytes, long rowBytes, long stepBytes)
    {
        Words = (float*)words;
        PanelBytes = panelBytes;
        RowBytes = rowBytes;
        StepBytes = stepBytes;
    }

    /// <summary>The block of <paramref name="a"/>'s rows from <paramref name="row"/> on and words from <paramref name="word"/> on,
    /// packed into <paramref name="memory"/> where it cannot serve as it is.</summary>
    public static LeftBlock Of(in Matrix a, ProductFormat format, int row, int rows, int word, int words, float* memory)
    {
        var block = Block(a, format, row, rows, word, words);
        if (a.ColumnStride == 1 && AssembledProduct.Serves(format))
        {
            // A last element without a partner has a stranger beside it in memory.
            if (a.Format == format && block.Columns % format.ElementsPerWord() == 0)
                return OfRows(block.Bytes, a.RowStride * a.ElementBytes);
            const int stride = DepthBlocks.Most + Gap;
            if (a.Format == ProductFormat.Fp32)
                PackRows.Pack(default(Bf16Words), block.Data, a.RowStride, rows, block.Columns, (uint*)memory, stride);
            else PackRows.Pack(default(Bf16Pairs), block.Halves, a.RowStride, rows, block.Columns, (uint*)memory, stride);
            return OfRows(memory, stride * sizeof(float));
        }
        var panelStride = (long)Tile.Rows * words + Panels.Gap;
        Panels.Pack(format, block, Tile.Rows, memory, panelStride);
        return new LeftBlock(memory, panelStride * sizeof(float), sizeof(float), Tile.Rows * sizeof(float));
    }

    /// <summary>What brings the memory of such a block near before it is needed.</summary>
    public static Prefetcher Ahead(in Matrix a, ProductFormat format, int row, int rows, int word, int words)
    {
        var block = Block(a, format, row, rows, word, words);
        if (a.RowStride == 1) block = block.Transposed; // memory goes down the columns
        return new Prefetcher(block.Bytes, block.Rows, block.Columns * block.ColumnStride * block.ElementBytes,
            block.RowStride * block.ElementBytes);
    }

    private static LeftBlock OfRows(void* words, long rowBytes) => new(words, Tile.Rows * rowBytes, rowBytes, sizeof(float));

    private static Matrix Block(in Matrix a, ProductFormat format, int row, int rows, int word, int words) =>
        a.Part(row, rows, word * format.ElementsPerWord(), format.Elements(a.Columns, word, words));
}
