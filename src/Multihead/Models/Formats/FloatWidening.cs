using System.Runtime.InteropServices;

namespace Multihead.Models.Formats;

/// <summary>Makes 32-bit floats of 16-bit ones; exact, since the wide format has every value of the narrow ones.</summary>
internal static class FloatWidening
{
    /// <param name="source">IEEE binary16, little-endian, two bytes a value.</param>
    /// <param name="destination">One float for each value of <paramref name="source"/>.</param>
    public static void FromFloat16(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(source);
        for (var i = 0; i < halves.Length; i++) destination[i] = (float)halves[i];
    }

    /// <param name="source">bfloat16, little-endian, two bytes a value.</param>
    /// <param name="destination">One float for each value of <paramref name="source"/>.</param>
    public static void FromBFloat16(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var upperHalves = MemoryMarshal.Cast<byte, ushort>(source);
        for (var i = 0; i < upperHalves.Length; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)upperHalves[i] << 16);
    }
}
