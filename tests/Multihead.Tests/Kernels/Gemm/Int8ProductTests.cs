using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>Products of quantised sides: to the bit what the formula says in plain integers, on every path alike, and near the
/// product that was meant.</summary>
public unsafe class Int8ProductTests
{
    // The whole depth in one group, over one block of 1,024 and over several; groups of many lengths; edges.
    private static readonly int[] Depths = [0, 1, 3, 4, 5, 63, 64, 65, 200, 256, 1024, 1025, 2100];

    [Fact]
    public void RandomProductsAreTheFormulaToTheBitAndNearTheDoubleSum()
    {
        using var team = new ThreadTeam(2);
        for (var round = TestScale.Rounds(150); round > 0; round--)
        {
            var random = new Random(round);
            var depth = random.Next(2) == 0 ? Depths[random.Next(Depths.Length)] : random.Next(400);
            var group = random.Next(2) == 0 ? Math.Max(1, depth) + random.Next(3) : 4 * random.Next(1, 80);
            using var product = new ProductCase(random, random.Next(1, 40), random.Next(1, 100), depth);
            using var c = Multiply(team, product, group, default(NoEpilogue));
            AssertRight(product, group, c, $"seed {round}, group {group}");
        }
    }

    [Fact]
    public void EpiloguesComeLast()
    {
        using var team = new ThreadTeam(2);
        var random = new Random(5);
        using var product = new ProductCase(random, 30, 75, 96);
        using var bias = FloatBuffer.Random(random, product.Columns, 1);
        using var plain = Multiply(team, product, 32, default(NoEpilogue));
        using var actual = Multiply(team, product, 32, new AddBias(bias.Pointer));
        for (var i = 0; i < product.Rows; i++)
            for (var j = 0; j < product.Columns; j++)
                Assert.Equal(plain.Span[i * product.CStride + j] + bias.Span[j], actual.Span[i * product.CStride + j]);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void ARowAloneHasTheBitsItHasInAnyBatchAndOnAnyTeam(int threads)
    {
        const int rows = 60, columns = 170, depth = 1300;
        using var team = new ThreadTeam(threads);
        using var one = new ThreadTeam(1);
        using var product = new ProductCase(new Random(6), rows, columns, depth);
        using var together = Multiply(team, product, depth, default(NoEpilogue));
        using var weight = new Weight(one, product.B, depth);
        using var alone = new FloatBuffer(columns);
        using var scratch = new FloatBuffer(QuantizedRows.ByteCount(1, depth, depth) / sizeof(float));
        for (var i = 0; i < rows; i++)
        {
            var row = new Matrix(product.A.Data + i * product.A.RowStride, 1, depth, product.A.RowStride, product.A.ColumnStride);
            Int8Product.Multiply(one, row, weight.Matrix, alone.Pointer, columns, (byte*)scratch.Pointer, default(NoEpilogue));
            AssertSameBits(alone.Span, together.Span.Slice(i * product.CStride, columns), $"row {i}");
        }
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteMakesItsRowOrColumnNaNAndNoOther(float value)
    {
        using var team = new ThreadTeam(1);
        using var product = new ProductCase(new Random(7), 20, 40, 130);
        product.A.Data[3 * product.A.RowStride + 100 * product.A.ColumnStride] = value;
        product.B.Data[129 * product.B.RowStride + 35 * product.B.ColumnStride] = value;
        using var c = Multiply(team, product, 64, default(NoEpilogue));
        for (var i = 0; i < product.Rows; i++)
            for (var j = 0; j < product.Columns; j++)
                Assert.Equal(i == 3 || j == 35, float.IsNaN(c.Span[i * product.CStride + j]));
    }

    [Theory, InlineData(0f), InlineData(1e-40f), InlineData(1e-30f), InlineData(3e38f)]
    public void AnyMagnitudeIsServed(float largest)
    {
        var scale = Int8Scale.For(largest);
        Assert.True(float.IsFinite(scale.Factor) && float.IsFinite(scale.Inverse));
        Assert.Equal(largest < 1e-37f ? 0 : 127, scale.Quantize(largest));
        Assert.Equal(largest < 1e-37f ? 0 : -127, scale.Quantize(-largest));
    }

    [Fact]
    public void GroupsThatCannotBeServedAreRefused()
    {
        using var team = new ThreadTeam(1);
        using var b = new FloatBuffer(4000);
        foreach (var group in new[] { 0, -4, 3, 1028 })
            Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedMatrix.Pack(team, new Matrix(b.Pointer, 4000, 1), group, null));
    }

    [Fact]
    public void TheAssembledKernelServesWhereItsInstructionsAre()
    {
        var expected = Multihead.Kernels.Assembly.ProcessorFeatures.Avx512Vnni && Multihead.Kernels.Assembly.MachineCode.IsAllowed;
        Assert.Equal(expected, AssembledProduct.Serves(ProductFormat.Int8));
    }

    private static FloatBuffer Multiply<TEpilogue>(ThreadTeam team, ProductCase product, int group, TEpilogue epilogue)
        where TEpilogue : unmanaged, IEpilogue
    {
        var c = new FloatBuffer(product.OldC.Span);
        using var weight = new Weight(team, product.B, group);
        using var scratch = new FloatBuffer(Int8Product.ScratchBytes(product.Rows, weight.Matrix) / sizeof(float));
        Int8Product.Multiply(team, product.A, weight.Matrix, c.Pointer, product.CStride, (byte*)scratch.Pointer, epilogue);
        return c;
    }

    private static void AssertRight(ProductCase product, int group, FloatBuffer c, string what)
    {
        for (var i = 0; i < product.Rows; i++)
        {
            for (var j = 0; j < product.Columns; j++)
            {
                var (expected, exact, bound) = Element(product, group, i, j);
                var actual = c.Span[i * product.CStride + j];
                if (!SameBits(expected, actual)) Assert.Fail($"{product}, {what}: C[{i}, {j}] is {actual:R}, expected {expected:R}");
                if (Math.Abs(actual - exact) > bound) Assert.Fail($"{product}, {what}: C[{i}, {j}] is {actual:R}, meant {exact:R}");
            }
            Assert.False(c.Span.Slice(i * product.CStride, product.CStride)[product.Columns..].ContainsAnyExcept(ProductCase.Mark));
        }
    }

    // What the formula says, what was meant, and how far apart they may be: x is off by at most half a step s (a thousandth more
    // for the rounding of the scale), so a product a b by s_a |b| / 2 + s_b |a| / 2 + s_a s_b / 4; then three roundings a group.
    private static (float Formula, double Exact, double Bound) Element(ProductCase product, int group, int i, int j)
    {
        float A(int k) => product.A.Data[i * product.A.RowStride + k * product.A.ColumnStride];
        float B(int k) => product.B.Data[k * product.B.RowStride + j * product.B.ColumnStride];
        var formula = 0f;
        double exact = 0, bound = 0;
        for (var first = 0; first < Math.Max(1, product.Depth); first += group)
        {
            var last = Math.Min(product.Depth, first + group);
            float largestA = 0, largestB = 0;
            for (var k = first; k < last; k++)
                (largestA, largestB) = (MathF.Max(largestA, MathF.Abs(A(k))), MathF.Max(largestB, MathF.Abs(B(k))));
            Int8Scale scaleA = Int8Scale.For(largestA), scaleB = Int8Scale.For(largestB);
            var sum = 0;
            double off = 0, magnitude = 0;
            for (var k = first; k < last; k++)
            {
                sum += scaleA.Quantize(A(k)) * scaleB.Quantize(B(k));
                exact += (double)A(k) * B(k);
                magnitude += Math.Abs((double)A(k) * B(k));
                off += scaleA.Factor * Math.Abs(B(k)) / 2 + scaleB.Factor * Math.Abs(A(k)) / 2 + scaleA.Factor * scaleB.Factor / 4;
            }
            var value = sum * (scaleA.Factor * scaleB.Factor);
            formula = first == 0 ? value : value + formula;
            bound += 1.001 * off + 1e-6 * magnitude;
        }
        return (formula, exact, bound + 1e-6 * Math.Abs(exact));
    }

    private sealed class Weight : IDisposable
    {
        private readonly FloatBuffer _memory;

        public Weight(ThreadTeam team, in Matrix b, int group)
        {
            _memory = new FloatBuffer(QuantizedMatrix.ByteCount(b.Rows, b.Columns, group) / sizeof(float));
            Matrix = QuantizedMatrix.Pack(team, b, group, (byte*)_memory.Pointer);
        }

        public QuantizedMatrix Matrix { get; }

        public void Dispose() => _memory.Dispose();
    }
}
