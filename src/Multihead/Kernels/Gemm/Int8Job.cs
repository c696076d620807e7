using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>C = A B over quantised sides, then the epilogue; a part is a rectangle of C. Blocks lie as in
/// <see cref="TileJob{TEpilogue}"/>. While a group is longer than a block, C holds its integer sums.</summary>
internal unsafe struct Int8Job<TEpilogue> : IParallelJob where TEpilogue : unmanaged, IEpilogue
{
    public QuantizedRows A;
    public QuantizedMatrix B;
    public float* C;
    public long CStride;
    public TEpilogue Epilogue;
    public int RowsOfAPart, ColumnsOfAPart;

    private const int PanelColumns = QuantizedMatrix.PanelColumns;

    private readonly int PartsAcross => Panels.Count(B.Columns, ColumnsOfAPart);
    public readonly int PartCount => Panels.Count(A.Rows, RowsOfAPart) * PartsAcross;

    public readonly void Run(int part)
    {
        var firstRow = part / PartsAcross * RowsOfAPart;
        var firstColumn = part % PartsAcross * ColumnsOfAPart;
        var strip = new Strip { FirstColumn = firstColumn, LastColumn = Math.Min(B.Columns, firstColumn + ColumnsOfAPart) };
        var lastRow = Math.Min(A.Rows, firstRow + RowsOfAPart);
        for (strip.Group = 0; strip.Group < B.Groups; strip.Group++)
        {
            var first = strip.Group * (B.Group / QuantizedMatrix.WordElements);
            var end = strip.Group == B.Groups - 1 ? B.Words : first + B.Group / QuantizedMatrix.WordElements;
            var longest = DepthBlocks.Length(end - first);
            for (strip.Word = first; strip.Word < end || strip.Word == first; strip.Word += Math.Max(1, longest))
            {
                strip.Words = Math.Min(longest, end - strip.Word);
                strip.Begins = strip.Word == first;
                strip.Ends = strip.Word + strip.Words == end;
                for (strip.Row = firstRow; strip.Row < lastRow; strip.Row += Tile.WidestRows)
                {
                    strip.Rows = Math.Min(Tile.WidestRows, lastRow - strip.Row);
                    Multiply(strip);
                }
            }
        }
    }

    /// <summary>Some rows of A over a block of the depth against the panels of a part.</summary>
    private struct Strip
    {
        public int Group, Word, Words, Row, Rows, FirstColumn, LastColumn;
        public bool Begins, Ends;
    }

    private readonly void Multiply(in Strip strip)
    {
        var across = strip.Group * (long)B.PaddedColumns + strip.FirstColumn;
        var tiles = Panels.Count(strip.LastColumn - strip.FirstColumn, PanelColumns);
        var c = C + strip.Row * CStride + strip.FirstColumn;
        fixed (TEpilogue* epilogue = &Epilogue)
        {
            var arguments = new ProductArguments
            {
                A = (float*)(A.Words + strip.Row * A.Stride + strip.Word),
                ARowBytes = A.Stride * sizeof(uint),
                AStepBytes = sizeof(uint),
                B = (float*)(B.Panels + (long)strip.FirstColumn * B.Words + (long)strip.Word * PanelColumns),
                PanelBytes = (long)PanelColumns * B.Words * sizeof(uint),
                C = c,
                CStrideBytes = CStride * sizeof(float),
                Steps = strip.Words,
                Resume = strip.Begins ? 0 : 1,
                Tiles = tiles,
                Columns = (1L << (strip.LastColumn - strip.FirstColumn - (tiles - 1) * PanelColumns)) - 1,
                Next = c + PanelColumns,
                LastNext = c + strip.Rows * CStride,
                Epilogue = epilogue,
                FirstRow = strip.Row,
                FirstColumn = strip.FirstColumn,
                Ahead = Prefetcher.Idle(c),
                Starts = B.Starts + across,
                ColumnScales = strip.Ends ? B.Scales + across : null,
                RowScales = A.Scales + strip.Group * (long)A.Rows + strip.Row,
                Add = strip.Group > 0 ? 1 : 0,
            };
            var finished = strip.Ends && strip.Group == B.Groups - 1;
            if (strip.Words > 0 && AssembledProduct.Serves<TEpilogue>(ProductFormat.Int8))
                AssembledProduct.Run(finished
                    ? AssembledProduct.Function<TEpilogue>(ProductFormat.Int8, strip.Rows)
                    : AssembledProduct.Function<NoEpilogue>(ProductFormat.Int8, strip.Rows), &arguments);
            else
            {
                Int8Tile.MultiplyRow(ref arguments, strip.Rows);
                if (finished) Finish(c, strip.Row, strip.FirstColumn, strip.Rows, strip.LastColumn - strip.FirstColumn);
            }
        }
    }

    private readonly void Finish(float* c, int row, int column, int rows, int columns)
    {
        if (typeof(TEpilogue) == typeof(NoEpilogue)) return;
        if (SimdPath.Is512) Finish<Simd512, Vector512<float>>(c, row, column, rows, columns);
        else if (SimdPath.Is256) Finish<Simd256, Vector256<float>>(c, row, column, rows, columns);
        else Finish<Simd128, Vector128<float>>(c, row, column, rows, columns);
    }

    private readonly void Finish<TSimd, V>(float* c, int row, int column, int rows, int columns)
        where TSimd : struct, ISimd<V> where V : struct
    {
        fixed (TEpilogue* epilogue = &Epilogue)
            for (var first = 0; first < columns; first += Tile.Columns)
                MemoryPlace<TSimd, V>.Apply(epilogue, c + first, CStride, row, column + first, rows,
                    Math.Min(Tile.Columns, columns - first));
    }
}
