using System.Buffers.Binary;

namespace Multihead.Models.Formats.Gguf;

/// <summary>ggml's Q6_K: 256 elements in 16 groups of 16, each scale * s * (q - 32) with s of 8 bits and q of 6. Bytes: 128 of
/// q's low halves, 64 of their high 2 bits, 16 of s, the scale in binary16.</summary>
internal static class GgufQ6_K
{
    /// <summary>Elements of a block.</summary>
    public const int Length = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = Length / 2 + Length / 4 + Length / 16 + 2;

    /// <summary>Makes floats of whole blocks.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; !source.IsEmpty; source = source[Bytes..], destination = destination[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source[208..]);
            for (var i = 0; i < Length; i++)
            {
                // Each half of 128 elements has 4 runs of 32: two in the low halves of 64 bytes, two in the high ones.
                var (half, run, place) = (i / 128, i / 32 % 4, i % 32);
                var low = source[half * 64 + run % 2 * 32 + place] >> run / 2 * 4 & 15;
                var high = source[128 + half * 32 + place] >> run * 2 & 3;
                destination[i] = scale * (sbyte)source[192 + i / 16] * ((low | high << 4) - 32);
            }
        }
    }
}
