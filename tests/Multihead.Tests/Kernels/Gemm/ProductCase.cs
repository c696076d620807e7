using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>One random product: A and B cut out of larger matrices, either of them transposed, C with a gap after each row.
/// </summary>
internal sealed unsafe class ProductCase : IDisposable
{
    /// <summary>What stands in the gaps of C.</summary>
    public const float Mark = -7.0e30f;

    public static readonly int[] EdgeSizes = [0, 1, 5, 6, 7, 11, 12, 13, 31, 32, 33, 255, 256, 257];

    private readonly FloatBuffer _a, _b;
    public readonly FloatBuffer OldC;
    public readonly Matrix A, B;
    public readonly int Rows, Columns, Depth, CStride;
    public readonly bool Accumulate;

    public ProductCase(Random random, int rows, int columns, int depth)
    {
        (Rows, Columns, Depth) = (rows, columns, depth);
        (_a, A) = RandomMatrix(random, rows, depth);
        (_b, B) = RandomMatrix(random, depth, columns);
        CStride = columns + random.Next(2) * random.Next(1, 9);
        Accumulate = random.Next(2) == 0;
        OldC = FloatBuffer.Random(random, (long)rows * CStride, 1);
        for (var i = 0; i < rows; i++) OldC.Span[(i * CStride + columns)..((i + 1) * CStride)].Fill(Mark);
    }

    public static ProductCase Random(Random random) => new(random, Size(random), Size(random), Size(random));

    public override string ToString() => $"[{Rows}, {Depth}] x [{Depth}, {Columns}], strides A {A.RowStride} {A.ColumnStride}, " +
        $"B {B.RowStride} {B.ColumnStride}, C {CStride}{(Accumulate ? ", accumulating" : "")}";

    /// <summary>C as the kernels make it, from its old values.</summary>
    public FloatBuffer Multiply<TEpilogue>(ThreadTeam team, TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue
    {
        var c = new FloatBuffer(OldC.Span);
        MatrixProduct.Multiply(team, A, B, c.Pointer, CStride, Accumulate, epilogue);
        return c;
    }

    /// <summary>A matrix rounded to bf16 in memory of its own, with the same strides and NaN in all gaps and beyond the end.
    /// </summary>
    public static FloatBuffer Halves(in Matrix matrix, out Matrix halves)
    {
        var last = Math.Max(0, matrix.Rows - 1) * matrix.RowStride + Math.Max(0, matrix.Columns - 1) * matrix.ColumnStride;
        var memory = new FloatBuffer((last + 16) / 2 + 1);
        var first = (ushort*)memory.Pointer + last % 2; // on any address that a bf16 may have
        new Span<ushort>(memory.Pointer, memory.Span.Length * 2).Fill(0x7FC0);
        halves = new Matrix(first, matrix.Rows, matrix.Columns, matrix.RowStride, matrix.ColumnStride);
        for (var i = 0; i < matrix.Rows; i++)
            for (var j = 0; j < matrix.Columns; j++)
            {
                var at = i * matrix.RowStride + j * matrix.ColumnStride;
                first[at] = (ushort)Bf16Words.Round(matrix.Data[at]);
            }
        return memory;
    }

    /// <summary>Row i of C's old values, or zeros.</summary>
    public Span<float> Start(int i) => Accumulate ? OldC.Span.Slice(i * CStride, Columns).ToArray() : new float[Columns];

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        OldC.Dispose();
    }

    private static int Size(Random random) =>
        random.Next(2) == 0 ? EdgeSizes[random.Next(EdgeSizes.Length)] : random.Next(258);

    // A piece of a larger matrix, either way round, sometimes with a gap between neighbours in both directions.
    private static (FloatBuffer, Matrix) RandomMatrix(Random random, int rows, int columns)
    {
        var transposed = random.Next(2) == 0;
        var (outer, inner) = transposed ? (columns, rows) : (rows, columns);
        var innerStep = random.Next(6) == 0 ? random.Next(2, 4) : 1;
        var stride = Math.Max(1, inner * innerStep + random.Next(2) * random.Next(1, 12));
        var floats = FloatBuffer.Random(random, (long)outer * stride + 16, 1);
        var start = floats.Pointer + random.Next(16);
        return (floats, transposed
            ? new Matrix(start, rows, columns, innerStep, stride)
            : new Matrix(start, rows, columns, stride, innerStep));
    }
}
