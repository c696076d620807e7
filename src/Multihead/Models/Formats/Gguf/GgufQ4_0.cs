using System.Buffers.Binary;

namespace Multihead.Models.Formats.Gguf;

/// <summary>ggml's Q4_0: 32 elements as scale * (q - 8), the scale in binary16, q in 0..15; the low halves of 16 bytes are the
/// first 16 elements, the high halves the others.</summary>
internal static class GgufQ4_0
{
    /// <summary>Elements of a block.</summary>
    public const int Length = 32;

    /// <summary>The scale, and half a byte an element.</summary>
    public const int Bytes = 2 + Length / 2;

    /// <summary>Makes floats of whole blocks.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; !source.IsEmpty; source = source[Bytes..], destination = destination[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            for (var i = 0; i < Length / 2; i++)
            {
                destination[i] = ((source[2 + i] & 15) - 8) * scale;
                destination[i + Length / 2] = ((source[2 + i] >> 4) - 8) * scale;
            }
        }
    }

    /// <summary>Makes whole blocks of floats: the element of largest magnitude, the first of equals, becomes 0 of 0..15.
    /// </summary>
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; !source.IsEmpty; source = source[Length..], destination = destination[Bytes..])
        {
            var extreme = 0f;
            foreach (var value in source[..Length])
                if (MathF.Abs(value) > MathF.Abs(extreme)) extreme = value;
            var scale = extreme / -8;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)scale);
            for (var i = 0; i < Length / 2; i++)
                destination[2 + i] = (byte)(Quantum(source[i] * inverse) | Quantum(source[i + Length / 2] * inverse) << 4);
        }
    }

    private static int Quantum(float value) => Math.Min(15, (int)(value + 8.5f));
}
