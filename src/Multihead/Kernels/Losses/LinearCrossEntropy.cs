using Multihead.Kernels.Gemm;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Losses;

/// <summary>The output layer and its loss in one: logits = hidden table^T + bias, then cross-entropy with label smoothing. The
/// gradients are made in the forward pass, a chunk of rows at a time, so that the logits of all rows are never kept: the idea
/// of Liger Kernel, https://arxiv.org/abs/2410.10989. Every row's loss and dHidden have the bits they have alone, and dTable
/// those of one product over all rows: the chains resume from it in ascending rows.</summary>
internal static unsafe class LinearCrossEntropy
{
    /// <summary>The most rows whose logits exist at one time.</summary>
    internal const int MostChunkRows = 516;

    // The logits of so many rows stay in the third-level cache. Whole panels, and nearly the depth that the product takes at
    // once, so that a chunk goes through dTable once.
    private const int CachedChunkRows = 240;

    // A table packed before takes as much memory as the table itself, twice. Chunks that are few and large do without.
    private const int ChunksWithoutPacking = 2;

    /// <summary>Floats of scratch that <see cref="Forward"/> needs.</summary>
    public static long ScratchFloats(int rows, int dim, int vocabulary, bool gradients, ProductFormat format) =>
        new Scratch(null, rows, dim, vocabulary, gradients, format).Floats;

    /// <summary>The losses of all rows and, where dHidden is not null, the gradients of gradientScale * sum of lossPerRow.
    /// </summary>
    /// <param name="team">The threads.</param>
    /// <param name="hidden">[rows, dim].</param>
    /// <param name="table">[vocabulary, dim]; bf16 for products in bf16 alone.</param>
    /// <param name="bias">[vocabulary], or null.</param>
    /// <param name="targets">[rows]: a token, or <paramref name="ignoredTarget"/> for a row without loss and gradient.</param>
    /// <param name="lossPerRow">[rows]: the loss with smoothing.</param>
    /// <param name="nllPerRow">[rows]: -log p(target).</param>
    /// <param name="dHidden">[rows, dim], overwritten; may be <paramref name="hidden"/>; null for the losses alone.</param>
    /// <param name="dTable">[vocabulary, dim], added to; unused where dHidden is null.</param>
    /// <param name="dBias">[vocabulary], added to, or null; unused where dHidden is null.</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="dim">Length of a hidden state.</param>
    /// <param name="vocabulary">Tokens.</param>
    /// <param name="smoothing">Share of the target's probability that is spread evenly over all tokens, 0 to below 1.</param>
    /// <param name="gradientScale">Factor of all gradients, such as 1 / (rows that count).</param>
    /// <param name="ignoredTarget">The target of rows that do not count.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats.</param>
    /// <param name="format">What the sides of the three products are rounded to; sums are fp32.</param>
    public static void Forward(ThreadTeam team, float* hidden, in Matrix table, float* bias, int* targets, float* lossPerRow,
        float* nllPerRow, float* dHidden, float* dTable, float* dBias, int rows, int dim, int vocabulary,
        float smoothing, float gradientScale, int ignoredTarget, float* scratch,
        ProductFormat format = ProductFormat.Fp32)
    {
        var gradients = dHidden != null;
        var memory = new Scratch(scratch, rows, dim, vocabulary, gradients, format);
        var toLogits = Right(team, table.Transposed, memory.ToLogits, format);
        var toHidden = gradients ? Right(team, table, memory.ToHidden, format) : default;
        for (var first = 0; first < rows; first += memory.ChunkRows)
        {
            var count = Math.Min(memory.ChunkRows, rows - first);
            var chunk = new Matrix(hidden + (long)first * dim, count, dim);
            var logits = new Matrix(memory.Logits, count, vocabulary);
            if (bias == null)
                MatrixProduct.Multiply(team, chunk, toLogits, logits.Data, vocabulary, false, default(NoEpilogue));
            else
                MatrixProduct.Multiply(team, chunk, toLogits, logits.Data, vocabulary, false, new AddBias(bias));
            CrossEntropyRows.Forward(team, logits.Data, targets + first, lossPerRow + first, nllPerRow + first, count, vocabulary,
                smoothing, gradientScale, ignoredTarget);
            if (!gradients) continue;
            MatrixProduct.Multiply(team, logits.Transposed, chunk, dTable, dim, true, default(NoEpilogue), format);
            if (dBias != null) ColumnSum.Add(team, logits.Data, dBias, count, vocabulary, true);
            MatrixProduct.Multiply(team, logits, toHidden, dHidden + (long)first * dim, dim, false, default(NoEpilogue));
        }
    }

    private static RightSide Right(ThreadTeam team, in Matrix matrix, float* memory, ProductFormat format) =>
        memory == null ? new RightSide(matrix, format) : new RightSide(PackedMatrix.Pack(team, matrix, memory, format));

    // Whole panels, and as even as may be where there are two.
    private static int RowsOfAChunk(int rows) =>
        rows <= MostChunkRows ? rows
        : rows <= ChunksWithoutPacking * MostChunkRows
            ? Panels.Count(rows, ChunksWithoutPacking * Tile.WidestRows) * Tile.WidestRows
        : CachedChunkRows;

    /// <summary>Where things stand in the scratch.</summary>
    private readonly struct Scratch
    {
        public readonly int ChunkRows;
        public readonly float* Logits; // [chunk, vocabulary]; in place they become their gradient
        public readonly float* ToLogits; // table^T, packed, or null
        public readonly float* ToHidden; // table, packed, or null
        public readonly long Floats;

        public Scratch(float* memory, int rows, int dim, int vocabulary, bool gradients, ProductFormat format)
        {
            ChunkRows = RowsOfAChunk(rows);
            Logits = memory;
            Floats = (long)ChunkRows * vocabulary;
            if (rows <= ChunksWithoutPacking * MostChunkRows) return;
            ToLogits = memory + Floats;
            Floats += PackedMatrix.FloatCount(dim, vocabulary, format);
            if (!gradients) return;
            ToHidden = memory + Floats;
            Floats += PackedMatrix.FloatCount(vocabulary, dim, format);
        }
    }
}
