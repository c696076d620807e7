namespace Multihead.Kernels.Gemm;

/// <summary>Some panels of A over a block of the depth, as microkernels read them: the word of a row and a step stands at
/// <c>Words[panel * PanelStride + row * RowStride + step * StepStride]</c>.</summary>
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
    public readonly long PanelStride;
    public readonly long RowStride;
    public readonly long StepStride;

    private LeftBlock(float* words, long panelStride, long rowStride, long stepStride)
    {
        Words = words;
        PanelStride = panelStride;
        RowStride = rowStride;
        StepStride = stepStride;
    }

    /// <summary>The block of <paramref name="a"/>'s rows from <paramref name="row"/> on and words from <paramref name="word"/> on,
    /// packed into <paramref name="memory"/> where it cannot serve as it is.</summary>
    public static LeftBlock Of(in Matrix a, ProductFormat format, int row, int rows, int word, int words, float* memory)
    {
        const int stride = DepthBlocks.Most + Gap;
        var elements = format.Elements(a.Columns, word, words);
        var source = Source(a, format, row, word);
        if (a.ColumnStride == 1 && AssembledProduct.Serves(format))
        {
            if (format == ProductFormat.Fp32) return new LeftBlock(source, Tile.Rows * a.RowStride, a.RowStride, 1);
            PackRows.Pack(default(Bf16Words), source, a.RowStride, rows, elements, (uint*)memory, stride);
            return new LeftBlock(memory, Tile.Rows * stride, stride, 1);
        }
        var panelStride = (long)Tile.Rows * words + Panels.Gap;
        Panels.Pack(format, source, a.RowStride, a.ColumnStride, rows, elements, Tile.Rows, memory, panelStride);
        return new LeftBlock(memory, panelStride, 1, Tile.Rows);
    }

    /// <summary>What brings the memory of such a block near before it is needed.</summary>
    public static Prefetcher Ahead(in Matrix a, ProductFormat format, int row, int rows, int word, int words, int times)
    {
        var elements = format.Elements(a.Columns, word, words);
        var source = Source(a, format, row, word);
        return a.RowStride == 1
            ? new Prefetcher(source, elements, rows, a.ColumnStride, times)
            : new Prefetcher(source, rows, checked((int)(elements * a.ColumnStride)), a.RowStride, times);
    }

    private static float* Source(in Matrix a, ProductFormat format, int row, int word) =>
        a.Data + row * a.RowStride + (long)word * format.ElementsPerWord() * a.ColumnStride;
}
