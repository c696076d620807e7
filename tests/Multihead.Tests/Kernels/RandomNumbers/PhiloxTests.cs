using System.Runtime.Intrinsics;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.RandomNumbers;

public unsafe class PhiloxTests
{
    // The known-answer vectors that the paper's authors publish with their library Random123 (philox4x32, 10 rounds):
    // zeros, ones, and digits of pi.
    [Theory]
    [InlineData(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x85a308d3_243f6a88, 0x03707344_13198a2e, 0x299f31d0_a4093822, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void AgreesWithThePublishedVectors(ulong index, ulong stream, ulong seed, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal((w0, w1, w2, w3), Philox.Block(index, stream, seed));

    [Fact]
    public void The512BitWordsAreTheScalarSequence() => Check<Simd512, Vector512<float>>();

    [Fact]
    public void The256BitWordsAreTheScalarSequence() => Check<Simd256, Vector256<float>>();

    [Fact]
    public void The128BitWordsAreTheScalarSequence() => Check<Simd128, Vector128<float>>();

    private static void Check<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        var keys = stackalloc float[Philox.KeyFloats];
        const ulong seed = 0x0123456789ABCDEF, stream = 0xFEDCBA9876543210;
        Philox.PrepareKeys<TSimd, V>(keys, seed);
        var words = new uint[2 * TSimd.Count];
        foreach (var index in new ulong[] { 0, 8, 4096, uint.MaxValue - 2ul, 1ul << 40, ulong.MaxValue - 1 }) // carries, wraps
        {
            Philox.Words<TSimd, V>(keys, index, stream, out var first, out var second);
            fixed (uint* pointer = words)
            {
                TSimd.Store(first, (float*)pointer);
                TSimd.Store(second, (float*)pointer + TSimd.Count);
            }
            for (var i = 0; i < words.Length; i += 4)
            {
                var expected = Philox.Block(index + (ulong)i / 4, stream, seed);
                Assert.Equal(expected, (words[i], words[i + 1], words[i + 2], words[i + 3]));
            }
        }
    }
}
