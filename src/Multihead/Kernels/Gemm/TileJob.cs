using System.Diagnostics;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>C (+)= A B, then the epilogue; a part is a rectangle of C of the given shape. For each block of the depth its thread
/// packs B's block once into the second-level cache, and then goes through the rows: a panel of A stays in the first-level cache
/// while the panels of B stream past it from the second.</summary>
internal unsafe struct TileJob<TEpilogue> : IParallelJob where TEpilogue : unmanaged, IEpilogue
{
    public Matrix A;
    public RightSide B;
    public float* C;
    public long CStride;
    public bool Accumulate;
    public TEpilogue Epilogue;
    public PartShape Shape;

    private readonly int PartsAcross => Panels.Count(B.Columns, Shape.Columns);
    public readonly int PartCount => Panels.Count(A.Rows, Shape.Rows) * PartsAcross;

    public readonly void Run(int part)
    {
        if (SimdPath.Is512) Run<Simd512, Vector512<float>>(part);
        else if (SimdPath.Is256) Run<Simd256, Vector256<float>>(part);
        else Run<Simd128, Vector128<float>>(part);
    }

    private readonly void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
    {
        var firstRow = part / PartsAcross * Shape.Rows;
        var lastRow = Math.Min(A.Rows, firstRow + Shape.Rows);
        var strip = new Strip { FirstColumn = part % PartsAcross * Shape.Columns };
        strip.LastColumn = Math.Min(B.Columns, strip.FirstColumn + Shape.Columns);
        var memory = PanelMemory.OfThisThread;
        var longest = DepthBlocks.Length(B.Words);
        for (var word = 0; word < B.Words || word == 0; word += longest)
        {
            strip.Words = Math.Min(longest, B.Words - word);
            strip.Begins = !Accumulate && word == 0;
            strip.Ends = word + strip.Words == B.Words;
            strip.Right = B.Block(strip.FirstColumn, strip.LastColumn - strip.FirstColumn, word, strip.Words, memory.Right);
            for (var row = firstRow; row < lastRow; row += LeftBlock.MaxRows)
            {
                var rows = Math.Min(LeftBlock.MaxRows, lastRow - row);
                var left = LeftBlock.Of(A, B.Format, row, rows, word, strip.Words, memory.Left);
                var next = row + rows;
                strip.NextLeft = LeftBlock.Ahead(A, B.Format, next, Math.Min(LeftBlock.MaxRows, lastRow - next), word, strip.Words);
                for (var i = 0; i < rows; i += Tile.Rows)
                {
                    strip.FirstRow = row + i;
                    strip.Rows = Math.Min(Tile.Rows, rows - i);
                    strip.Left = (float*)((byte*)left.Words + i / Tile.Rows * left.PanelBytes);
                    strip.LeftRowBytes = left.RowBytes;
                    strip.LeftStepBytes = left.StepBytes;
                    Multiply<TSimd, V>(ref strip);
                }
            }
            if (strip.Words == 0) return;
        }
    }

    /// <summary>One panel of A against the panels of a block of B.</summary>
    private struct Strip
    {
        public RightBlock Right;
        public Prefetcher NextLeft;
        public float* Left;
        public long LeftRowBytes, LeftStepBytes;
        public int FirstRow, Rows, FirstColumn, LastColumn, Words;
        public bool Begins, Ends;
    }

    private readonly void Multiply<TSimd, V>(ref Strip strip) where TSimd : struct, ISimd<V> where V : struct
    {
        var rest = strip;
        if (strip.Rows == 1 && B.Format == ProductFormat.Fp32) OneRow<TSimd, V>(ref rest);
        if (strip.Words > 0 && AssembledProduct.Serves(B.Format)) Assembled<TSimd, V>(ref rest);
        else Portable<TSimd, V>(rest);
        strip.NextLeft = rest.NextLeft;
    }

    // As many columns as the kernel for one row takes.
    private readonly void OneRow<TSimd, V>(ref Strip strip) where TSimd : struct, ISimd<V> where V : struct
    {
        for (; strip.FirstColumn + 4 * Tile.Columns <= strip.LastColumn; strip.FirstColumn += 4 * Tile.Columns)
        {
            var c = C + strip.FirstRow * CStride + strip.FirstColumn;
            if (strip.Begins) new Span<float>(c, 4 * Tile.Columns).Clear();
            Microkernel.OneRowFourPanels<TSimd, V>(strip.Left, (int)(strip.LeftStepBytes / sizeof(float)), strip.Right.Panels,
                strip.Right.PanelStride, strip.Words, c);
            for (var panel = 0; strip.Ends && panel < 4; panel++, c += Tile.Columns)
                Finish<TSimd, V>(c, strip.FirstRow, strip.FirstColumn + panel * Tile.Columns, 1, Tile.Columns);
            strip.Right = new RightBlock(strip.Right.Panels + 4 * strip.Right.PanelStride, strip.Right.PanelStride);
        }
    }

    private readonly void Assembled<TSimd, V>(ref Strip strip) where TSimd : struct, ISimd<V> where V : struct
    {
        var tiles = Panels.Count(strip.LastColumn - strip.FirstColumn, Tile.Columns);
        if (tiles == 0) return;
        var c = C + strip.FirstRow * CStride + strip.FirstColumn;
        var inRegisters = strip.Ends && AssembledProduct.Serves<TEpilogue>(B.Format);
        var function = inRegisters
            ? AssembledProduct.Function<TEpilogue>(B.Format, strip.Rows)
            : AssembledProduct.Function<NoEpilogue>(B.Format, strip.Rows);
        fixed (TEpilogue* epilogue = &Epilogue)
        {
            var arguments = new ProductArguments
            {
                A = strip.Left,
                ARowBytes = strip.LeftRowBytes,
                AStepBytes = strip.LeftStepBytes,
                B = strip.Right.Panels,
                PanelBytes = strip.Right.PanelStride * sizeof(float),
                C = c,
                CStrideBytes = CStride * sizeof(float),
                Steps = strip.Words,
                Resume = strip.Begins ? 0 : 1,
                Tiles = tiles,
                Columns = (1L << (strip.LastColumn - strip.FirstColumn - (tiles - 1) * Tile.Columns)) - 1,
                Next = c + Tile.Columns,
                LastNext = c + strip.Rows * CStride,
                Epilogue = epilogue,
                FirstRow = strip.FirstRow,
                FirstColumn = strip.FirstColumn,
                Ahead = strip.NextLeft,
            };
            AssembledProduct.Run(function, &arguments);
            strip.NextLeft = arguments.Ahead;
        }
        if (!strip.Ends || inRegisters) return;
        for (var column = strip.FirstColumn; column < strip.LastColumn; column += Tile.Columns, c += Tile.Columns)
            Finish<TSimd, V>(c, strip.FirstRow, column, strip.Rows, Math.Min(Tile.Columns, strip.LastColumn - column));
    }

    private readonly void Finish<TSimd, V>(float* c, int row, int column, int rows, int columns)
        where TSimd : struct, ISimd<V> where V : struct
    {
        if (typeof(TEpilogue) == typeof(NoEpilogue)) return;
        fixed (TEpilogue* epilogue = &Epilogue)
            MemoryPlace<TSimd, V>.Apply(epilogue, c, CStride, row, column, rows, columns);
    }

    private readonly void Portable<TSimd, V>(in Strip strip) where TSimd : struct, ISimd<V> where V : struct
    {
        Debug.Assert(strip.Words == 0 || B.Format == ProductFormat.Fp32, "other formats have assembled kernels alone");
        var c = C + strip.FirstRow * CStride + strip.FirstColumn;
        if (strip.Begins)
            for (var i = 0; i < strip.Rows; i++) new Span<float>(c + i * CStride, strip.LastColumn - strip.FirstColumn).Clear();
        var right = strip.Right.Panels;
        for (var column = strip.FirstColumn; column < strip.LastColumn; column += Tile.Columns)
        {
            var columns = Math.Min(Tile.Columns, strip.LastColumn - column);
            if (strip.Rows == Tile.Rows && columns == Tile.Columns)
                Kernel<TSimd, V>(strip.Rows, strip.Left, right, strip.Words, c, CStride);
            else EdgeTile<TSimd, V>(strip, right, c, columns);
            if (strip.Ends) Finish<TSimd, V>(c, strip.FirstRow, column, strip.Rows, columns);
            right += strip.Right.PanelStride;
            c += Tile.Columns;
        }
    }

    // The panels are padded with zeros, so the whole tile can be computed beside C and the part that exists copied.
    private readonly void EdgeTile<TSimd, V>(in Strip strip, float* right, float* c, int columns)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var tile = stackalloc float[Tile.MaxFloats];
        for (var i = 0; i < strip.Rows; i++) Copy(c + i * CStride, tile + i * Tile.Columns, columns);
        Kernel<TSimd, V>(strip.Rows, strip.Left, right, strip.Words, tile, Tile.Columns);
        for (var i = 0; i < strip.Rows; i++) Copy(tile + i * Tile.Columns, c + i * CStride, columns);
    }

    private static void Kernel<TSimd, V>(int rows, float* a, float* b, int length, float* c, long cStride)
        where TSimd : struct, ISimd<V> where V : struct
    {
        if (rows > 6) Microkernel.TwelveRows<TSimd, V>(a, Tile.Rows, b, length, c, cStride);
        else Microkernel.SixRows<TSimd, V>(a, Tile.Rows, b, length, c, cStride);
    }

    private static void Copy(float* source, float* destination, int count) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));
}
