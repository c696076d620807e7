using System.Buffers.Binary;

namespace Multihead.Models.Formats.Gguf;

/// <summary>ggml's Q4_K: 256 elements in 8 groups of 32, each scale * s * q - minimum * m with s and m of 6 bits and q of 4; both
/// factors of the whole in binary16. Bytes: scale, minimum, 12 of s and m, 128 of q, a pair of groups in 32 bytes.</summary>
internal static class GgufQ4_K
{
    /// <summary>Elements of a block.</summary>
    public const int Length = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 2 + 2 + 12 + Length / 2;

    private const int Group = 32;

    /// <summary>Makes floats of whole blocks.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; !source.IsEmpty; source = source[Bytes..], destination = destination[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            var minimum = (float)BinaryPrimitives.ReadHalfLittleEndian(source[2..]);
            for (var group = 0; group < Length / Group; group++)
            {
                var (s, m) = ScaleAndMinimum(source.Slice(4, 12), group);
                var (factor, offset) = (scale * s, minimum * m);
                var quanta = source.Slice(16 + group / 2 * Group, Group);
                for (var i = 0; i < Group; i++)
                    destination[group * Group + i] = factor * (group % 2 == 0 ? quanta[i] & 15 : quanta[i] >> 4) - offset;
            }
        }
    }

    // Those of the first four groups fill the low 6 bits of bytes 0..3 and 4..7; the high 2 bits of these belong to the others.
    private static (int Scale, int Minimum) ScaleAndMinimum(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : (packed[group + 4] & 15 | packed[group - 4] >> 6 << 4, packed[group + 4] >> 4 | packed[group] >> 6 << 4);
}
