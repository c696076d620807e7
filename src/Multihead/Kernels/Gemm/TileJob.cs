using System.Diagnostics;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>C (+)= A B over packed panels, then the epilogue; a part is a rectangle of C of the given shape.</summary>
internal unsafe struct TileJob<TEpilogue> : IParallelJob where TEpilogue : unmanaged, IEpilogue
{
    // A block of B's panel stays in the first-level cache while the panels of A stream past it from the second.
    private const int DepthBlock = 256;

    public float* PackedA; // [panel, words, Tile.Rows]
    public Matrix A;
    public PackedMatrix B;
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
        var firstColumn = part % PartsAcross * Shape.Columns;
        var lastRow = Math.Min(A.Rows, firstRow + Shape.Rows);
        var lastColumn = Math.Min(B.Columns, firstColumn + Shape.Columns);
        for (var depth = 0; depth < B.Words || depth == 0; depth += DepthBlock)
        {
            var last = depth + DepthBlock >= B.Words;
            for (var column = firstColumn; column < lastColumn; column += Tile.Columns)
            {
                if (B.Format == ProductFormat.Fp32 && lastRow - firstRow == 1 && column + 4 * Tile.Columns <= lastColumn)
                {
                    MultiplyRow<TSimd, V>(firstRow, column, depth, last);
                    column += 3 * Tile.Columns;
                    continue;
                }
                for (var row = firstRow; row < lastRow; row += Tile.Rows)
                    MultiplyTile<TSimd, V>(row, column, depth, last);
            }
        }
    }

    private readonly void MultiplyRow<TSimd, V>(int row, int column, int depth, bool last)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var c = C + row * CStride + column;
        if (!Accumulate && depth == 0) new Span<float>(c, 4 * Tile.Columns).Clear();
        Microkernel.OneRowFourPanels<TSimd, V>(PackedA + (long)row * B.Depth + (long)depth * Tile.Rows, Tile.Rows,
            B.Panels + (long)column * B.Depth + (long)depth * Tile.Columns, (long)B.Depth * Tile.Columns,
            Math.Min(DepthBlock, B.Depth - depth), c);
        for (var panel = 0; last && panel < 4; panel++, c += Tile.Columns, column += Tile.Columns)
            Finish<TSimd, V>(c, row, column, 1, Tile.Columns);
    }

    private readonly void MultiplyTile<TSimd, V>(int row, int column, int depth, bool last)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var (rows, columns) = (Math.Min(Tile.Rows, A.Rows - row), Math.Min(Tile.Columns, B.Columns - column));
        var a = PackedA + (long)row * B.Words + (long)depth * Tile.Rows;
        var b = B.Panels + (long)column * B.Words + (long)depth * Tile.Columns;
        var length = Math.Min(DepthBlock, B.Words - depth);
        var c = C + row * CStride + column;
        if (last && length > 0 && AssembledProduct.Serves<TEpilogue>(B.Format))
        {
            fixed (TEpilogue* epilogue = &Epilogue)
                AssembledProduct.Multiply(B.Format, rows, columns, a, 1, Tile.WidestRows, b, length, c, CStride,
                    Accumulate || depth > 0, epilogue, row, column);
            return;
        }
        if (length > 0 && AssembledProduct.Serves(B.Format))
            AssembledProduct.Multiply(B.Format, rows, columns, a, b, length, c, CStride, Accumulate || depth > 0);
        else Portable<TSimd, V>(rows, columns, a, b, length, c, begin: !Accumulate && depth == 0);
        if (last) Finish<TSimd, V>(c, row, column, rows, columns);
    }

    private readonly void Finish<TSimd, V>(float* c, int row, int column, int rows, int columns)
        where TSimd : struct, ISimd<V> where V : struct
    {
        if (typeof(TEpilogue) == typeof(NoEpilogue)) return;
        fixed (TEpilogue* epilogue = &Epilogue)
            MemoryPlace<TSimd, V>.Apply(epilogue, c, CStride, row, column, rows, columns);
    }

    private readonly void Portable<TSimd, V>(int rows, int columns, float* a, float* b, int length, float* c, bool begin)
        where TSimd : struct, ISimd<V> where V : struct
    {
        Debug.Assert(length == 0 || B.Format == ProductFormat.Fp32, "other formats have assembled kernels alone");
        if (begin)
            for (var i = 0; i < rows; i++) new Span<float>(c + i * CStride, columns).Clear();
        if (rows == Tile.Rows && columns == Tile.Columns) Kernel<TSimd, V>(rows, a, b, length, c, CStride);
        else EdgeTile<TSimd, V>(rows, columns, a, b, length, c);
    }

    // The panels are padded with zeros, so the whole tile can be computed beside C and the part that exists copied.
    private readonly void EdgeTile<TSimd, V>(int rows, int columns, float* a, float* b, int length, float* c)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var tile = stackalloc float[Tile.MaxFloats];
        for (var i = 0; i < rows; i++) Copy(c + i * CStride, tile + i * Tile.Columns, columns);
        Kernel<TSimd, V>(rows, a, b, length, tile, Tile.Columns);
        for (var i = 0; i < rows; i++) Copy(tile + i * Tile.Columns, c + i * CStride, columns);
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
