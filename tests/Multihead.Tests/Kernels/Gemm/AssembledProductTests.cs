using Multihead.Kernels.Assembly;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>The assembled microkernels: every number of rows and columns, fresh and resumed chains, and what lies around C.
/// </summary>
public unsafe class AssembledProductTests
{
    private const int PanelRows = Tile.WidestRows, PanelColumns = 32;

    [Fact]
    public void Fp32IsTheScalarChainToTheBit()
    {
        Require(ProductFormat.Fp32);
        var random = new Random(1);
        foreach (var steps in new[] { 1, 2, 7, 64, 257 })
            for (var rows = 1; rows <= PanelRows; rows++)
                for (var columns = 1; columns <= PanelColumns; columns++)
                {
                    using var a = FloatBuffer.Random(random, steps * PanelRows, 1);
                    using var b = FloatBuffer.Random(random, steps * PanelColumns, 1);
                    var resume = random.Next(2) == 0;
                    using var expected = Output(random, out var actual);
                    for (var i = 0; i < rows; i++)
                    {
                        var row = expected.Span.Slice(i * Stride, columns);
                        if (!resume) row.Clear();
                        Chain(new Matrix(a.Pointer, rows, steps, 1, PanelRows), new Matrix(b.Pointer, steps, PanelColumns), i, row);
                    }
                    using (actual)
                    {
                        AssembledCall.Multiply(ProductFormat.Fp32, rows, columns, a.Pointer, b.Pointer, steps, actual.Pointer,
                            Stride, resume);
                        AssertSameBits(expected.Span, actual.Span, $"{rows} rows, {columns} columns, {steps} steps");
                    }
                }
    }

    [Fact]
    public void TheWordsOfAMayLieAnywhere()
    {
        var random = new Random(7);
        foreach (var format in new[] { ProductFormat.Fp32, ProductFormat.Bf16 }.Where(AssembledProduct.Serves))
            foreach (var steps in new[] { 1, 3, 4, 5, 64, 131 })
                for (var rows = 1; rows <= PanelRows; rows++)
                {
                    // Rows apart by any stride, or steps apart; the packed panel holds the same words.
                    var (aRow, aStep) = random.Next(2) == 0
                        ? (steps + random.Next(9), 1)
                        : (1 + random.Next(3), 40 + random.Next(9));
                    using var a = FloatBuffer.Random(random, rows * aRow + (long)steps * aStep, 1);
                    using var b = FloatBuffer.Random(random, steps * PanelColumns, 1);
                    using var panel = new FloatBuffer(steps * PanelRows);
                    for (var row = 0; row < rows; row++)
                        for (var step = 0; step < steps; step++)
                            panel.Span[step * PanelRows + row] = a.Span[row * aRow + step * aStep];
                    using var expected = Output(random, out var actual);
                    using (actual)
                    {
                        AssembledCall.Multiply(format, rows, 29, panel.Pointer, b.Pointer, steps, expected.Pointer, Stride,
                            true);
                        AssembledCall.Multiply(format, rows, 29, a.Pointer, aRow, aStep, b.Pointer, steps, actual.Pointer,
                            Stride, true);
                        AssertSameBits(expected.Span, actual.Span, $"{format}, {rows} rows, {steps} steps, {aRow} and {aStep} apart");
                    }
                }
    }

    // Every layout of both sides, sizes at the edges of tiles and blocks.
    [Fact]
    public void RandomBf16ProductsAreNearTheProductOfTheRoundedOperands()
    {
        Require(ProductFormat.Bf16);
        using var team = new ThreadTeam(2);
        for (var round = TestScale.Rounds(100); round > 0; round--)
        {
            using var product = ProductCase.Random(new Random(round));
            using var c = new FloatBuffer(product.OldC.Span);
            MatrixProduct.Multiply(team, product.A, product.B, c.Pointer, product.CStride, product.Accumulate,
                default(NoEpilogue), ProductFormat.Bf16);
            AssertNear(product, c, $"seed {round}");
        }
    }

    // Operands are exact in bf16 after rounding; sums are fp32, so the error is that of a chain of as many multiply-adds.
    [Fact]
    public void Bf16IsTheProductOfTheRoundedOperands()
    {
        Require(ProductFormat.Bf16);
        using var team = new ThreadTeam(2);
        var random = new Random(2);
        foreach (var rows in new[] { 1, 5, 12, 13, 40 })
            foreach (var columns in new[] { 1, 31, 32, 33, 100 })
                foreach (var depth in new[] { 1, 2, 3, 8, 17, 64, 600 })
                {
                    using var product = new ProductCase(random, rows, columns, depth);
                    using var c = new FloatBuffer(product.OldC.Span);
                    MatrixProduct.Multiply(team, product.A, product.B, c.Pointer, product.CStride, product.Accumulate,
                        default(NoEpilogue), ProductFormat.Bf16);
                    AssertNear(product, c);
                }
    }

    // Whichever side stands in memory as bf16, and whether B is packed before.
    [Fact]
    public void SidesThatStandInMemoryAsBf16GiveTheBitsOfRoundingThem()
    {
        Require(ProductFormat.Bf16);
        using var team = new ThreadTeam(2);
        for (var round = TestScale.Rounds(100); round > 0; round--)
        {
            var random = new Random(round);
            using var product = ProductCase.Random(random);
            if (round % 4 == 0 && product.Depth * product.Rows * product.Columns > 0) PutSpecialValues(random, product);
            using var aMemory = ProductCase.Halves(product.A, out var a);
            using var bMemory = ProductCase.Halves(product.B, out var b);
            using var expected = Multiply(team, product, product.A, new RightSide(product.B, ProductFormat.Bf16));
            using var panels = new FloatBuffer(PackedMatrix.FloatCount(product.Depth, product.Columns, ProductFormat.Bf16));
            var packed = new RightSide(PackedMatrix.Pack(team, b, panels.Pointer, ProductFormat.Bf16));
            var halves = new RightSide(b, ProductFormat.Bf16);
            foreach (var (left, right) in new[]
                { (a, halves), (a, new RightSide(product.B, ProductFormat.Bf16)), (product.A, halves), (a, packed) })
            {
                using var actual = Multiply(team, product, left, right);
                AssertSameBits(expected.Span, actual.Span, $"{product} seed {round}");
            }
        }
    }

    // Deeper than a block, so that a last lone element begins a block of its own too.
    [Fact]
    public void OddDepthsOfBf16InMemoryMeetZeros()
    {
        Require(ProductFormat.Bf16);
        using var team = new ThreadTeam(2);
        var random = new Random(8);
        foreach (var depth in new[] { 1, 3, 31, 33, 511, 513, 545, 1025, 1057 })
        {
            using var product = new ProductCase(random, 13, 33, depth);
            using var aMemory = ProductCase.Halves(product.A, out var a);
            using var bMemory = ProductCase.Halves(product.B, out var b);
            using var expected = Multiply(team, product, product.A, new RightSide(product.B, ProductFormat.Bf16));
            using var actual = Multiply(team, product, a, new RightSide(b, ProductFormat.Bf16));
            AssertSameBits(expected.Span, actual.Span, $"{product}");
        }
    }

    private static FloatBuffer Multiply(ThreadTeam team, ProductCase product, in Matrix a, in RightSide b)
    {
        var c = new FloatBuffer(product.OldC.Span);
        MatrixProduct.Multiply(team, a, b, c.Pointer, product.CStride, product.Accumulate, default(NoEpilogue));
        return c;
    }

    private static void PutSpecialValues(Random random, ProductCase product)
    {
        foreach (var value in new[] { float.NaN, float.NegativeInfinity, 1e-41f, float.MaxValue, -0f })
        {
            var k = random.Next(product.Depth);
            product.A.Data[random.Next(product.Rows) * product.A.RowStride + k * product.A.ColumnStride] = value;
            product.B.Data[k * product.B.RowStride + random.Next(product.Columns) * product.B.ColumnStride] = value;
        }
    }

    [Fact]
    public void ABf16RowAloneHasTheBitsItHasInAnyBatchAndOnAnyTeam()
    {
        Require(ProductFormat.Bf16);
        const int rows = 50, columns = 131, depth = 1100;
        var random = new Random(3);
        using var a = FloatBuffer.Random(random, rows * depth, 1);
        using var b = FloatBuffer.Random(random, depth * columns, 1);
        var right = new Matrix(b.Pointer, depth, columns);
        using var one = new ThreadTeam(1);
        using var alone = new FloatBuffer(rows * columns);
        for (var i = 0; i < rows; i++)
            MatrixProduct.Multiply(one, new Matrix(a.Pointer + i * depth, 1, depth), right, alone.Pointer + i * columns, columns,
                false, default(NoEpilogue), ProductFormat.Bf16);
        foreach (var threads in new[] { 1, 2, 3, 7 })
        {
            using var team = new ThreadTeam(threads);
            using var together = new FloatBuffer(rows * columns);
            MatrixProduct.Multiply(team, new Matrix(a.Pointer, rows, depth), right, together.Pointer, columns, false,
                default(NoEpilogue), ProductFormat.Bf16);
            AssertSameBits(alone.Span, together.Span, $"{threads} threads");
        }
    }

    [Fact]
    public void PackingRoundsToTheNearestEvenWhateverTheLayout()
    {
        Require(ProductFormat.Bf16);
        var random = new Random(4);
        foreach (var (lanes, width) in new[] { (12, 12), (7, 12), (32, 32), (19, 32), (1, 12) })
            foreach (var depth in new[] { 1, 2, 7, 8, 16, 21, 32, 67 })
            {
                using var source = FloatBuffer.Random(random, (lanes + 3) * (depth + 3) * 2, 1);
                source.Span[0] = float.NaN;
                source.Span[1] = float.PositiveInfinity;
                source.Span[2] = BitConverter.UInt32BitsToSingle(0x3F808000); // a tie that goes down to even
                foreach (var (laneStride, depthStride) in new[] { (1L, lanes + 2L), (depth + 1L, 1L), (2L, 2L * lanes) })
                {
                    var packed = new uint[width * ((depth + 1) / 2) + Panels.Gap];
                    fixed (uint* pointer = packed)
                        Panels.Pack(ProductFormat.Bf16, new Matrix(source.Pointer, lanes, depth, laneStride, depthStride), width,
                            (float*)pointer, packed.Length);
                    for (var word = 0; word < (depth + 1) / 2; word++)
                        for (var lane = 0; lane < width; lane++)
                            for (var half = 0; half < 2; half++)
                            {
                                var k = 2 * word + half;
                                var exists = lane < lanes && k < depth;
                                var value = exists ? source.Span[(int)(lane * laneStride + k * depthStride)] : 0;
                                var actual = (packed[word * width + lane] >> (16 * half)) & 0xFFFF;
                                AssertNearestEven(value, actual);
                            }
                }
            }
    }

    [Fact]
    public void CodeRunsOnlyWhereTheRuntimeUsesItsInstructions()
    {
        if (!SimdPath.Is512) Assert.False(ProcessorFeatures.Avx512);
        if (!ProcessorFeatures.Avx512)
        {
            Assert.False(AssembledProduct.Serves(ProductFormat.Fp32));
            Assert.False(AssembledProduct.Serves(ProductFormat.Bf16));
        }
        if (!ProcessorFeatures.Avx512Bf16) Assert.False(AssembledProduct.Serves(ProductFormat.Bf16));
        if (!MachineCode.IsAllowed) Assert.False(AssembledProduct.Serves(ProductFormat.Fp32));
    }

    private const int Stride = PanelColumns + 3;

    private static FloatBuffer Output(Random random, out FloatBuffer copy)
    {
        var c = FloatBuffer.Random(random, PanelRows * Stride, 1);
        copy = new FloatBuffer(c.Span);
        return c;
    }

    private static void Require(ProductFormat format)
    {
        if (!AssembledProduct.Serves(format)) Assert.Skip($"this processor, or a setting, has no assembled {format} products");
    }

    private static float Rounded(float value) => BitConverter.UInt32BitsToSingle(Bf16Words.Round(value) << 16);

    private static void AssertNear(ProductCase product, FloatBuffer c, string seed = "")
    {
        for (var i = 0; i < product.Rows; i++)
        {
            var start = product.Start(i);
            for (var j = 0; j < product.Columns; j++)
            {
                double exact = start[j], magnitude = Math.Abs(start[j]);
                for (var k = 0; k < product.Depth; k++)
                {
                    var term = (double)Rounded(product.A.Data[i * product.A.RowStride + k * product.A.ColumnStride])
                        * Rounded(product.B.Data[k * product.B.RowStride + j * product.B.ColumnStride]);
                    exact += term;
                    magnitude += Math.Abs(term);
                }
                var actual = c.Span[i * product.CStride + j];
                if (Math.Abs(actual - exact) > Tolerance(product.Depth, magnitude))
                    Assert.Fail($"{product} {seed}: C[{i}, {j}] is {actual:R}, expected {exact:R}");
            }
        }
    }

    private static void AssertNearestEven(float value, uint actual)
    {
        var rounded = BitConverter.UInt32BitsToSingle(actual << 16);
        if (!float.IsFinite(value))
        {
            Assert.Equal(value, rounded);
            return;
        }
        var (below, above) = (BitConverter.UInt32BitsToSingle((actual - 1) << 16), BitConverter.UInt32BitsToSingle((actual + 1) << 16));
        var error = Math.Abs((double)rounded - value);
        if (actual % 0x8000 != 0) Assert.True(error <= Math.Abs((double)below - value), $"{value:R} became {rounded:R}");
        Assert.True(error <= Math.Abs((double)above - value), $"{value:R} became {rounded:R}");
        if (error > 0 && error == Math.Abs((double)above - value)) Assert.Equal(0u, actual & 1);
    }
}
