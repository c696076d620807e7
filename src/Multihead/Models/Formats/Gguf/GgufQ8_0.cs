using System.Buffers.Binary;

namespace Multihead.Models.Formats.Gguf;

/// <summary>ggml's Q8_0: 32 elements as scale * q, the scale in binary16, q in -127..127.</summary>
internal static class GgufQ8_0
{
    /// <summary>Elements of a block.</summary>
    public const int Length = 32;

    /// <summary>The scale, and a byte an element.</summary>
    public const int Bytes = 2 + Length;

    /// <summary>Makes floats of whole blocks.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; !source.IsEmpty; source = source[Bytes..], destination = destination[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            for (var i = 0; i < Length; i++) destination[i] = (sbyte)source[2 + i] * scale;
        }
    }

    /// <summary>Makes whole blocks of floats; halves round away from zero.</summary>
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; !source.IsEmpty; source = source[Length..], destination = destination[Bytes..])
        {
            var largest = 0f;
            foreach (var value in source[..Length]) largest = MathF.Max(largest, MathF.Abs(value));
            var scale = largest / 127;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)scale);
            for (var i = 0; i < Length; i++)
                destination[2 + i] = (byte)(sbyte)MathF.Round(source[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}
