using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Multihead.Kernels.Attention;

/// <summary>Rounds rows of floats to words of two bf16, ties to even: two neighbours of one row (sides A of products along the
/// row) or the two elements below each other (both sides of products along the rows). For machines whose products have bf16, and
/// so 512-bit vectors.</summary>
internal static unsafe class Bf16Rows
{
    /// <summary>destination[w] holds row[2w] in its low and row[2w + 1] in its high half. Reads and writes whole vectors: row has
    /// room for a multiple of 32 floats, destination, which may be row, for half as many words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Along(float* row, int count, float* destination)
    {
        for (var i = 0; i < count; i += 32)
        {
            var words = Vector512.Narrow(High(Vector512.Load(row + i)) >>> 16, High(Vector512.Load(row + i + 16)) >>> 16);
            words.AsSingle().Store(destination + i / 2);
        }
    }

    /// <summary>destination[i] holds even[i] in its low and odd[i] in its high half. Whole vectors of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Across(float* even, float* odd, int count, float* destination)
    {
        for (var i = 0; i < count; i += 16)
        {
            var words = (High(Vector512.Load(even + i)) >>> 16)
                | (High(Vector512.Load(odd + i)) & Vector512.Create(0xFFFF0000u));
            words.AsSingle().Store(destination + i);
        }
    }

    // The bf16 in the high half; the low half holds nothing of use.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> High(Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512.Create(1u));
        return Vector512.ConditionalSelect(Vector512.IsNaN(value).AsUInt32(), bits | Vector512.Create(0x400000u), rounded);
    }
}
