using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

public unsafe class MatrixProductTests
{
    [Fact]
    public void RandomProductsAreTheScalarChainToTheBitAndNearTheDoubleSum()
    {
        using var team = new ThreadTeam(2);
        for (var round = TestScale.Rounds(300); round > 0; round--)
        {
            using var product = ProductCase.Random(new Random(round));
            using var c = product.Multiply(team, default(NoEpilogue));
            AssertRight(product, c, $"seed {round}");
        }
    }

    [Fact]
    public void EveryEdgeSizeMeetsEveryOther()
    {
        using var team = new ThreadTeam(2);
        var random = new Random(2);
        int[] sizes = [0, 1, 5, 6, 7, 11, 12, 13, 31, 32, 33];
        foreach (var rows in sizes)
            foreach (var columns in sizes)
                foreach (var depth in sizes)
                {
                    using var product = new ProductCase(random, rows, columns, depth);
                    using var c = product.Multiply(team, default(NoEpilogue));
                    AssertRight(product, c);
                }
    }

    // C against both references; also says that the gap after each row is as it was.
    private static void AssertRight(ProductCase product, FloatBuffer c, string seed = "")
    {
        var exact = new double[product.Columns];
        var magnitudes = new double[product.Columns];
        for (var i = 0; i < product.Rows; i++)
        {
            var chain = product.Start(i);
            for (var j = 0; j < product.Columns; j++) (exact[j], magnitudes[j]) = (chain[j], Math.Abs(chain[j]));
            Chain(product.A, product.B, i, chain);
            ProductReference.Double(product.A, product.B, i, exact, magnitudes);
            var row = c.Span.Slice(i * product.CStride, product.CStride);
            AssertSameBits(chain, row[..product.Columns], $"{product} {seed}, row {i}");
            for (var j = 0; j < product.Columns; j++)
                if (Math.Abs(row[j] - exact[j]) > Tolerance(product.Depth, magnitudes[j]))
                    Assert.Fail($"{product} {seed}: C[{i}, {j}] is {row[j]:R}, expected {exact[j]:R}");
            Assert.False(row[product.Columns..].ContainsAnyExcept(ProductCase.Mark),
                $"{product} {seed}: the gap after row {i} was written");
        }
    }

    [Theory, InlineData(1), InlineData(3), InlineData(7)]
    public void AnyNumberOfThreadsGivesTheBitsOfTwo(int threads)
    {
        using var team = new ThreadTeam(threads);
        using var two = new ThreadTeam(2);
        var random = new Random(3);
        // Each is at least 7 parts, so that seven threads all get work.
        foreach (var (rows, columns, depth) in new[] { (700, 256, 64), (96, 256, 1100), (13, 1900, 257), (1, 7200, 300) })
        {
            using var product = new ProductCase(random, rows, columns, depth);
            Assert.True(Parts(PartShape.For(rows, columns, depth, 7), rows, columns) >= 7);
            using var expected = product.Multiply(two, default(NoEpilogue));
            using var actual = product.Multiply(team, default(NoEpilogue));
            AssertSameBits(expected.Span, actual.Span, $"{product}");
        }
    }

    private static int Parts(PartShape shape, int rows, int columns) =>
        Panels.Count(rows, shape.Rows) * Panels.Count(columns, shape.Columns);

    [Fact]
    public void ARowAloneHasTheBitsItHasInAnyBatch()
    {
        using var team = new ThreadTeam(2);
        var random = new Random(4);
        const int columns = 301, depth = 270, most = 60;
        using var a = FloatBuffer.Random(random, most * depth, 1);
        using var b = FloatBuffer.Random(random, depth * columns, 1);
        using var alone = new FloatBuffer(most * columns);
        using var batch = new FloatBuffer(most * columns);
        var right = new Matrix(b.Pointer, depth, columns);
        for (var i = 0; i < most; i++)
            MatrixProduct.Multiply(team, new Matrix(a.Pointer + i * depth, 1, depth), right, alone.Pointer + i * columns, columns,
                false, default(NoEpilogue));
        for (var rows = 1; rows <= most; rows++)
        {
            var first = random.Next(most - rows + 1);
            MatrixProduct.Multiply(team, new Matrix(a.Pointer + first * depth, rows, depth), right, batch.Pointer, columns,
                false, default(NoEpilogue));
            AssertSameBits(alone.Span.Slice(first * columns, rows * columns), batch.Span[..(rows * columns)], $"{rows} rows");
        }
    }

    [Fact]
    public void PackedBeforeHasTheBitsOfPackedOnTheFly()
    {
        using var team = new ThreadTeam(2);
        var random = new Random(5);
        for (var round = TestScale.Rounds(30); round > 0; round--)
        {
            using var product = ProductCase.Random(random);
            using var expected = product.Multiply(team, default(NoEpilogue));
            using var panels = new FloatBuffer(PackedMatrix.FloatCount(product.Depth, product.Columns));
            var packed = PackedMatrix.Pack(team, product.B, panels.Pointer);
            using var actual = new FloatBuffer(product.OldC.Span);
            MatrixProduct.Multiply(team, product.A, packed, actual.Pointer, product.CStride, product.Accumulate,
                default(NoEpilogue));
            AssertSameBits(expected.Span, actual.Span, $"{product}");
        }
    }

    [Theory, InlineData(1), InlineData(13), InlineData(50)]
    public void NaNAndInfinityLandWhereTheyBelong(int rows)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(6);
        const int columns = 141, depth = 33;
        using var a = FloatBuffer.Random(random, rows * depth, 1);
        using var b = FloatBuffer.Random(random, depth * columns, 1);
        using var c = new FloatBuffer(rows * columns);
        int[] special = [0, rows / 2, rows - 1], specialColumns = [0, 97, 128, columns - 1];
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            foreach (var (i, j) in special.Zip(specialColumns))
            {
                var (oldA, oldB) = (a.Span[i * depth + 7], b.Span[20 * columns + j]);
                (a.Span[i * depth + 7], b.Span[20 * columns + j]) = (value, value);
                MatrixProduct.Multiply(team, new Matrix(a.Pointer, rows, depth), new Matrix(b.Pointer, depth, columns), c.Pointer,
                    columns, false, default(NoEpilogue));
                for (var row = 0; row < rows; row++)
                    for (var column = 0; column < columns; column++)
                    {
                        var sum = 0.0;
                        for (var k = 0; k < depth; k++) sum += (double)a.Span[row * depth + k] * b.Span[k * columns + column];
                        Assert.Equal(row == i || column == j, !double.IsFinite(sum));
                        var actual = c.Span[row * columns + column];
                        if (double.IsFinite(sum)) Assert.True(float.IsFinite(actual), $"C[{row}, {column}] is {actual}");
                        else Assert.Equal(sum, actual);
                    }
                (a.Span[i * depth + 7], b.Span[20 * columns + j]) = (oldA, oldB);
            }
    }

    [Fact]
    public void MultiplyingAllocatesNoManagedMemory()
    {
        using var team = new ThreadTeam(2);
        using var product = new ProductCase(new Random(7), 150, 300, 70);
        using var c = new FloatBuffer(product.OldC.Span);
        var least = long.MaxValue; // over a few tries: the test runner has threads of its own
        for (var attempt = 0; attempt < 5 && least != 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 50; i++)
                MatrixProduct.Multiply(team, product.A, product.B, c.Pointer, product.CStride, product.Accumulate,
                    default(NoEpilogue));
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);
    }
}
