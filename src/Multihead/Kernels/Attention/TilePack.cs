using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>Copies between rows of the caller's matrices and the dense blocks that <see cref="TileProduct{TSimd, V}"/> works
/// on. Columns of a block beyond the head's width are zero.</summary>
internal static unsafe class TilePack<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    // Rows of a wide matrix lie too far apart for the processor to see them coming. So many keys ahead they are asked for.
    public const int Ahead = 16;

    /// <summary>Copies <paramref name="count"/> rows into a block [count, padded].</summary>
    public static void Rows(float* source, nint stride, int count, int width, float* destination, int padded)
    {
        for (var i = 0; i < count; i++, source += stride, destination += padded)
        {
            if (i + Ahead < count) Prefetch(source + Ahead * stride, width);
            Row(source, width, destination, padded);
        }
    }

    /// <summary>Copies <paramref name="width"/> floats into a row of <paramref name="padded"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* source, int width, float* destination, int padded)
    {
        var i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count) TSimd.Store(TSimd.Load(source + i), destination + i);
        if (i < padded) TSimd.Store(TSimd.LoadPart(source + i, width - i), destination + i);
    }

    /// <summary>Copies a row of a block out, multiplied by <paramref name="factor"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowOut(float* source, float* destination, int width, float factor)
    {
        var times = TSimd.Create(factor);
        var i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count)
            TSimd.Store(TSimd.Multiply(TSimd.Load(source + i), times), destination + i);
        if (i < width) TSimd.StorePart(TSimd.Multiply(TSimd.Load(source + i), times), destination + i, width - i);
    }

    /// <summary>Packs <paramref name="count"/> keys of <paramref name="width"/> as [width, Block], a key in a column;
    /// columns up to the next multiple of the vector's width are filled with zeros.</summary>
    public static void Transposed(float* source, nint stride, int count, int width, float* destination)
    {
        var padded = (count + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        for (var key = 0; key < padded; key += 4)
        {
            for (var i = key + Ahead; i < Math.Min(key + Ahead + 4, count); i++) Prefetch(source + i * stride, width);
            var column = 0;
            if (key + 4 <= count)
                for (; column + 4 <= width; column += 4)
                    Transpose4x4(source + key * stride + column, stride, destination + column * AttentionRows.Block + key);
            for (; column < width; column++)
                for (var i = key; i < key + 4; i++)
                    destination[column * AttentionRows.Block + i] = i < count ? source[i * stride + column] : 0;
        }
    }

    /// <summary>Asks for a row of <paramref name="width"/> floats to be brought near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* row, int width)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < width; i += 16) Sse.Prefetch0(row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* source, nint stride, float* destination)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + 2 * stride), d = Vector128.Load(source + 3 * stride);
        Vector128<float> acLow = ZipLow(a, c), acHigh = ZipHigh(a, c), bdLow = ZipLow(b, d), bdHigh = ZipHigh(b, d);
        ZipLow(acLow, bdLow).Store(destination);
        ZipHigh(acLow, bdLow).Store(destination + AttentionRows.Block);
        ZipLow(acHigh, bdHigh).Store(destination + 2 * AttentionRows.Block);
        ZipHigh(acHigh, bdHigh).Store(destination + 3 * AttentionRows.Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
