using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>C = A B or C += A B in fp32, over packed panels. An element's bits depend on its row of A, its column of B and,
/// when accumulating, its old value: never on the other rows, the tiling, or the threads.</summary>
internal static unsafe class MatrixProduct
{
    // A block of B's panel stays in the first-level cache while the panels of A stream past it from the second.
    private const int DepthBlock = 256;
    private const int PanelsOfRowsPerPart = 4;
    private const int PanelsOfColumnsPerPart = 8;

    /// <summary>Floats of scratch that <see cref="Multiply{TEpilogue}(ThreadTeam, in Matrix, in PackedMatrix, float*, long, bool,
    /// float*, TEpilogue)"/> needs to pack A.</summary>
    public static long ScratchFloats(int rows, int depth) => (long)Panels.Count(rows, Tile.Rows) * Tile.Rows * depth;

    /// <summary>Floats of scratch that a product needs which packs both sides.</summary>
    public static long ScratchFloats(int rows, int columns, int depth) =>
        ScratchFloats(rows, depth) + PackedMatrix.FloatCount(depth, columns);

    /// <summary>C [rows, columns] (+)= A [rows, depth] B [depth, columns], then the epilogue on each finished piece.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="a">Left side; any strides.</param>
    /// <param name="b">Right side; any strides.</param>
    /// <param name="c">Row i begins at c + i * cStride; must not overlap A or B.</param>
    /// <param name="cStride">At least the number of columns.</param>
    /// <param name="accumulate">Whether the chains resume from C.</param>
    /// <param name="scratch"><see cref="ScratchFloats(int, int, int)"/> floats.</param>
    /// <param name="epilogue">What to do to finished pieces.</param>
    public static void Multiply<TEpilogue>(ThreadTeam team, in Matrix a, in Matrix b, float* c, long cStride, bool accumulate,
        float* scratch, TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue =>
        Multiply(team, a, PackedMatrix.Pack(team, b, scratch + ScratchFloats(a.Rows, a.Columns)), c, cStride, accumulate, scratch,
            epilogue);

    /// <summary>The same with B packed before.</summary>
    public static void Multiply<TEpilogue>(ThreadTeam team, in Matrix a, in PackedMatrix b, float* c, long cStride,
        bool accumulate, float* scratch, TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue
    {
        if (a.Rows == 0 || b.Columns == 0) return;
        var job = new TileJob<TEpilogue>
        {
            PackedA = scratch,
            A = a,
            B = b,
            C = c,
            CStride = cStride,
            Accumulate = accumulate,
            Epilogue = epilogue,
        };
        team.Run(new PackRowsJob { Source = a, Packed = scratch }, Panels.Count(a.Rows, Tile.Rows));
        team.Run(job, job.PartCount);
    }

    private struct PackRowsJob : IParallelJob
    {
        public Matrix Source;
        public float* Packed;

        public readonly void Run(int part)
        {
            var first = part * Tile.Rows;
            Panels.Pack(Source.Data + first * Source.RowStride, Source.RowStride, Source.ColumnStride,
                Math.Min(Tile.Rows, Source.Rows - first), Source.Columns, Tile.Rows, Packed + (long)first * Source.Columns);
        }
    }

    /// <summary>A part is a rectangle of C: a few panels of rows by a few panels of columns.</summary>
    private struct TileJob<TEpilogue> : IParallelJob where TEpilogue : unmanaged, IEpilogue
    {
        public float* PackedA;
        public Matrix A;
        public PackedMatrix B;
        public float* C;
        public long CStride;
        public bool Accumulate;
        public TEpilogue Epilogue;

        private readonly int PartsAcross => Panels.Count(B.Columns, Tile.Columns * PanelsOfColumnsPerPart);
        public readonly int PartCount => Panels.Count(A.Rows, Tile.Rows * PanelsOfRowsPerPart) * PartsAcross;

        public readonly void Run(int part)
        {
            if (SimdPath.Is512) Run<Simd512, Vector512<float>>(part);
            else if (SimdPath.Is256) Run<Simd256, Vector256<float>>(part);
            else Run<Simd128, Vector128<float>>(part);
        }

        private readonly void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var firstRow = part / PartsAcross * Tile.Rows * PanelsOfRowsPerPart;
            var firstColumn = part % PartsAcross * Tile.Columns * PanelsOfColumnsPerPart;
            var lastRow = Math.Min(A.Rows, firstRow + Tile.Rows * PanelsOfRowsPerPart);
            var lastColumn = Math.Min(B.Columns, firstColumn + Tile.Columns * PanelsOfColumnsPerPart);
            for (var depth = 0; depth < B.Depth || depth == 0; depth += DepthBlock)
            {
                var last = depth + DepthBlock >= B.Depth;
                for (var column = firstColumn; column < lastColumn; column += Tile.Columns)
                {
                    if (lastRow - firstRow == 1 && column + 4 * Tile.Columns <= lastColumn)
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
            if (last) Epilogue.Apply<TSimd, V>(c, row, column, 4 * Tile.Columns);
        }

        private readonly void MultiplyTile<TSimd, V>(int row, int column, int depth, bool last)
            where TSimd : struct, ISimd<V> where V : struct
        {
            var (rows, columns) = (Math.Min(Tile.Rows, A.Rows - row), Math.Min(Tile.Columns, B.Columns - column));
            var a = PackedA + (long)row * B.Depth + (long)depth * Tile.Rows;
            var b = B.Panels + (long)column * B.Depth + (long)depth * Tile.Columns;
            var length = Math.Min(DepthBlock, B.Depth - depth);
            var c = C + row * CStride + column;
            if (!Accumulate && depth == 0)
                for (var i = 0; i < rows; i++) new Span<float>(c + i * CStride, columns).Clear();
            if (rows == Tile.Rows && columns == Tile.Columns) Kernel<TSimd, V>(rows, a, b, length, c, CStride);
            else EdgeTile<TSimd, V>(rows, columns, a, b, length, c);
            if (!last || typeof(TEpilogue) == typeof(NoEpilogue)) return;
            for (var i = 0; i < rows; i++) Epilogue.Apply<TSimd, V>(c + i * CStride, row + i, column, columns);
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
}
