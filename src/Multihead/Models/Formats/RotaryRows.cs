using System.Runtime.InteropServices;

namespace Multihead.Models.Formats;

/// <summary>The order of the rows that make queries and keys. Rotary positions turn pairs of elements of a head: Meta's Llama,
/// llama2.c and ggml's Llama pair 2i with 2i + 1, Hugging Face's and ours i with i + headDim / 2.</summary>
internal static unsafe class RotaryRows
{
    /// <summary>Neighbouring pairs become halves, in place: data are [heads, headDim, columns].</summary>
    public static void ToHalves(float* data, long heads, int headDim, int columns) =>
        Reorder(data, heads, headDim, columns, static (i, half) => i < half ? 2 * i : 2 * (i - half) + 1);

    /// <summary>Halves become neighbouring pairs, in place: data are [heads, headDim, columns].</summary>
    public static void ToPairs(float* data, long heads, int headDim, int columns) =>
        Reorder(data, heads, headDim, columns, static (i, half) => i % 2 == 0 ? i / 2 : i / 2 + half);

    private static void Reorder(float* data, long heads, int headDim, int columns, Func<int, int, int> source)
    {
        var size = (long)headDim * columns;
        var rowBytes = columns * (long)sizeof(float);
        var copy = (float*)NativeMemory.Alloc((nuint)size, sizeof(float));
        for (var head = 0L; head < heads; head++, data += size)
        {
            Buffer.MemoryCopy(data, copy, size * sizeof(float), size * sizeof(float));
            for (var i = 0; i < headDim; i++)
                Buffer.MemoryCopy(copy + (long)source(i, headDim / 2) * columns, data + (long)i * columns, rowBytes, rowBytes);
        }
        NativeMemory.Free(copy);
    }
}
