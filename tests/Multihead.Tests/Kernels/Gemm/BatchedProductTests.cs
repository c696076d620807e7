using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

public unsafe class BatchedProductTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public void EveryItemHasTheBitsOfItsSingleProduct(int threads)
    {
        using var team = new ThreadTeam(threads);
        using var alone = new ThreadTeam(1);
        var random = new Random(31);
        foreach (var batch in new[] { 0, 1, 2, 5, 29, 100 })
            for (var round = 0; round < 4; round++)
            {
                var (rows, columns, depth) = (random.Next(1, 60), random.Next(1, 150), random.Next(1, 70));
                var accumulate = round % 2 == 0;
                var cStride = columns + random.Next(4);
                // Strided as heads are in [batch, length, heads, headDim]; every third time one B for all.
                var bStep = round == 3 ? 0 : (long)depth * columns + 3;
                using var a = FloatBuffer.Random(random, (long)rows * depth * Math.Max(1, batch), 1);
                using var b = FloatBuffer.Random(random, bStep * batch + (long)depth * columns, 1);
                using var expected = FloatBuffer.Random(random, (long)rows * cStride * batch + 5, 1);
                using var actual = new FloatBuffer(expected.Span);
                var left = new Matrix(a.Pointer, rows, depth, (long)depth * Math.Max(1, batch), 1);
                var right = round == 1
                    ? new Matrix(b.Pointer, columns, depth).Transposed
                    : new Matrix(b.Pointer, depth, columns);
                BatchedProduct.Multiply(team, left, depth, right, bStep, actual.Pointer, cStride, rows * cStride, batch,
                    accumulate);
                for (var item = 0; item < batch; item++)
                    MatrixProduct.Multiply(alone, left.MovedBy((long)item * depth), right.MovedBy(item * bStep),
                        expected.Pointer + (long)item * rows * cStride, cStride, accumulate, default(NoEpilogue));
                AssertSameBits(expected.Span, actual.Span, $"{batch} x [{rows}, {depth}] x [{depth}, {columns}]");
            }
    }
}
