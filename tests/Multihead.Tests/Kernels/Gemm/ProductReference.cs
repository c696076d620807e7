using Multihead.Kernels.Gemm;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>The product as the contract states it, in plain loops: for the bits one chain of multiply-adds in ascending depth,
/// for the value a sum in double with the sum of magnitudes that bounds the error.</summary>
internal static unsafe class ProductReference
{
    /// <summary>Row <paramref name="i"/> of C, to the bit. <paramref name="row"/> holds C's old values, or zeros.</summary>
    public static void Chain(in Matrix a, in Matrix b, int i, Span<float> row)
    {
        for (var k = 0; k < a.Columns; k++)
        {
            var x = a.Data[i * a.RowStride + k * a.ColumnStride];
            for (var j = 0; j < row.Length; j++)
                row[j] = float.MultiplyAddEstimate(x, b.Data[k * b.RowStride + j * b.ColumnStride], row[j]);
        }
    }

    /// <summary>Row <paramref name="i"/> of C in double, and of sum |a||b|. Both hold C's old values and magnitudes, or zeros.
    /// </summary>
    public static void Double(in Matrix a, in Matrix b, int i, Span<double> row, Span<double> magnitudes)
    {
        for (var k = 0; k < a.Columns; k++)
        {
            double x = a.Data[i * a.RowStride + k * a.ColumnStride];
            for (var j = 0; j < row.Length; j++)
            {
                var product = x * b.Data[k * b.RowStride + j * b.ColumnStride];
                row[j] += product;
                magnitudes[j] += Math.Abs(product);
            }
        }
    }

    /// <summary>A chain of <paramref name="depth"/> multiply-adds rounds once each (once more where the processor does not fuse
    /// them), every rounding at most 2^-24 of the magnitudes added so far: Higham, "Accuracy and Stability of Numerical
    /// Algorithms", chapter 3. Two more for a bias and a residual.</summary>
    public static double Tolerance(int depth, double magnitude) => (depth + 3) * 1.001 * Math.Pow(2, -24) * magnitude;

    /// <summary>Equal to the bit, or both NaN (whose payload is the processor's affair).</summary>
    public static bool SameBits(float x, float y) =>
        BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y) || (float.IsNaN(x) && float.IsNaN(y));

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!SameBits(expected[i], actual[i])) Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
    }
}
