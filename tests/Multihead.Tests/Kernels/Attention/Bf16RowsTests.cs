using Multihead.Kernels.Attention;

namespace Multihead.Tests.Kernels.Attention;

public unsafe class Bf16RowsTests
{
    [Fact]
    public void WordsAreRoundedToNearestEven()
    {
        var random = new Random(1);
        float* even = stackalloc float[64], odd = stackalloc float[64], words = stackalloc float[64];
        for (var i = 0; i < 64; i++)
            (even[i], odd[i]) = (BitConverter.Int32BitsToSingle(random.Next()), BitConverter.Int32BitsToSingle(-random.Next()));
        // NaN with all bits set, an infinity, two ties and what rounds to infinity.
        uint[] edges = [0x7FFFFFFF, 0xFF800000, 0x3F808000, 0x3F818000, 0x7F7FFFFF];
        for (var i = 0; i < edges.Length; i++) even[i] = BitConverter.UInt32BitsToSingle(edges[i]);
        Bf16Rows.Across(even, odd, 64, words);
        for (var i = 0; i < 64; i++) AssertWord(even[i], odd[i], words[i]);
        Bf16Rows.Along(even, 64, words);
        for (var i = 0; i < 32; i++) AssertWord(even[2 * i], even[2 * i + 1], words[i]);
        Bf16Rows.Along(even, 64, even); // in place
        for (var i = 0; i < 32; i++)
            Assert.Equal(BitConverter.SingleToUInt32Bits(words[i]), BitConverter.SingleToUInt32Bits(even[i]));
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
