using System.Runtime.InteropServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Measurement;

/// <summary>Measures how fast matrix products of one shape are, the packing of both sides included, as learning does them.
/// </summary>
internal static unsafe class ProductSpeed
{
    /// <summary>The median over repeated products [rows, depth] x [depth, columns], in seconds.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="rows">1 or more.</param>
    /// <param name="columns">1 or more.</param>
    /// <param name="depth">1 or more.</param>
    /// <param name="sides">Which sides are transposes of what stands in memory.</param>
    /// <param name="format">One that products are served in here; in int8 B, a weight, is packed before.</param>
    /// <param name="time">About how long to repeat.</param>
    /// <param name="cancellation">Looked at between two products.</param>
    public static double MedianSeconds(ThreadTeam team, int rows, int columns, int depth, ProductSides sides,
        ProductFormat format, TimeSpan time, CancellationToken cancellation)
    {
        var quantized = format == ProductFormat.Int8
            ? (QuantizedMatrix.ByteCount(depth, columns, depth) + QuantizedRows.ByteCount(rows, depth, depth)) / sizeof(float) + 16
            : 0;
        var lengths = new[] { (long)rows * depth, (long)depth * columns, (long)rows * columns, quantized };
        var memory = (float*)NativeMemory.AlignedAlloc(checked((nuint)lengths.Sum(Aligned) * sizeof(float)), 64);
        try
        {
            float* a = memory, b = a + Aligned(lengths[0]), c = b + Aligned(lengths[1]), packed = c + Aligned(lengths[2]);
            var random = new PhiloxGenerator(seed: 1, stream: 0);
            for (long i = 0; i < c - a; i++) a[i] = random.NextFloat() - 0.5f; // both sides, and the gap between them
            var left = sides == ProductSides.LeftTransposed ? new Matrix(a, depth, rows).Transposed : new Matrix(a, rows, depth);
            var right = sides == ProductSides.RightTransposed
                ? new Matrix(b, columns, depth).Transposed
                : new Matrix(b, depth, columns);
            if (format != ProductFormat.Int8)
                return Repetition.MedianSeconds(time, cancellation, () => MatrixProduct.Multiply(team, left, right, c, columns, false,
                    default(NoEpilogue), format));
            var weight = QuantizedMatrix.Pack(team, right, depth, (byte*)packed);
            var scratch = (byte*)(packed + Aligned(QuantizedMatrix.ByteCount(depth, columns, depth) / sizeof(float)));
            return Repetition.MedianSeconds(time, cancellation,
                () => Int8Product.Multiply(team, left, weight, c, columns, scratch, default(NoEpilogue)));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static long Aligned(long floats) => (floats + 15) / 16 * 16;
}
