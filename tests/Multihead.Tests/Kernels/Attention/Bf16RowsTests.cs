using Multihead.Kernels.Attention;
using Multihead.Kernels.Gemm;

namespace Multihead.Tests.Kernels.Attention;

public unsafe class Bf16RowsTests
{
    private const int Stride = 96, Width = 64, Rows = 6;

    [Fact]
    public void WordsAreRoundedToNearestEven()
    {
        Assert.SkipUnless(AssembledProduct.Serves(ProductFormat.Bf16), "products in bf16 are not served here");
        using FloatBuffer rows = new(Rows * Stride), along = new(Rows * Stride), across = new(Rows * Stride);
        var random = new Random(1);
        for (var i = 0; i < Rows * Stride; i++)
            rows.Pointer[i] = BitConverter.Int32BitsToSingle(random.Next() * (random.Next(2) == 0 ? 1 : -1));
        // NaN with all bits set, an infinity, two ties, what rounds to infinity and a subnormal number.
        uint[] edges = [0x7FFFFFFF, 0xFF800000, 0x3F808000, 0x3F818000, 0x7F7FFFFF, 0x80700000];
        for (var i = 0; i < edges.Length; i++) rows.Pointer[i] = BitConverter.UInt32BitsToSingle(edges[i]);
        Bf16Rows.Across(rows.Pointer, Stride, Rows / 2, Width, across.Pointer, Width);
        for (var pair = 0; pair < Rows / 2; pair++)
            for (var i = 0; i < Width; i++)
                AssertWord(rows.Pointer[2 * pair * Stride + i], rows.Pointer[(2 * pair + 1) * Stride + i],
                    across.Pointer[pair * Width + i]);
        Bf16Rows.Along(rows.Pointer, Stride, Rows, Width, along.Pointer);
        for (var row = 0; row < Rows; row++)
            for (var i = 0; i < Width / 2; i++)
                AssertWord(rows.Pointer[row * Stride + 2 * i], rows.Pointer[row * Stride + 2 * i + 1],
                    along.Pointer[row * Stride + i]);
        Bf16Rows.Along(rows.Pointer, Stride, Rows, Width - 31, rows.Pointer); // in place, whole vectors
        for (var row = 0; row < Rows; row++)
            Widths.AssertSameBits(new ReadOnlySpan<float>(along.Pointer + row * Stride, Width / 2),
                new ReadOnlySpan<float>(rows.Pointer + row * Stride, Width / 2));
    }

    private static void AssertWord(float low, float high, float word)
    {
        var bits = BitConverter.SingleToUInt32Bits(word);
        AssertRounded(low, bits << 16);
        AssertRounded(high, bits & 0xFFFF0000);
    }

    // By the distances to the neighbours, not by the bits.
    private static void AssertRounded(float exact, uint roundedBits)
    {
        var rounded = BitConverter.UInt32BitsToSingle(roundedBits);
        if (float.IsNaN(exact) || float.IsInfinity(exact))
        {
            Assert.Equal(exact, rounded);
            return;
        }
        if (float.IsSubnormal(exact))
        {
            Assert.Equal(BitConverter.SingleToUInt32Bits(exact) & 0x80000000, roundedBits);
            return;
        }
        var below = BitConverter.SingleToUInt32Bits(exact) & 0xFFFF0000; // towards zero
        double down = BitConverter.UInt32BitsToSingle(below);
        // The step beyond the largest is that of its own binade.
        var up = below + 0x10000 is var next && float.IsFinite(BitConverter.UInt32BitsToSingle(next))
            ? BitConverter.UInt32BitsToSingle(next)
            : down + (down - BitConverter.UInt32BitsToSingle(below - 0x10000));
        var (fromDown, fromUp) = (Math.Abs(exact - down), Math.Abs(up - exact));
        var wantsUp = fromUp < fromDown || (fromUp == fromDown && (below & 0x10000) != 0);
        Assert.Equal(wantsUp ? below + 0x10000 : below, roundedBits);
    }
}
