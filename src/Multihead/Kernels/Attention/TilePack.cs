using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>Copies between rows of the caller's matrices and the blocks that <see cref="TileProduct{TSimd, V}"/> works on. Lanes
/// of a panel that no row or column fills hold anything: products write them where nothing is read.</summary>
internal static unsafe class TilePack<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    // Rows of a wide matrix lie too far apart for the processor to see them coming. So many ahead they are asked for.
    public const int Ahead = 16;

    private const int Panel = TileProduct<TSimd, V>.Columns;

    /// <summary>Packs rows as side B of a product along their width: each row a column, in panels [words, 32] of 32
    /// rows.</summary>
    public static void RowsAcross(ProductFormat format, float* source, nint stride, int count, int width, float* destination)
    {
        PrefetchFirst(source, stride, count, width);
        var panel = Panel * format.Words(width);
        for (var row = 0; row < count; row += Panel, source += Panel * stride, destination += panel)
        {
            var lanes = Math.Min(Panel, count - row);
            if (format == ProductFormat.Fp32) Transpose(source, stride, lanes, width, destination);
            else Panels.Pack(format, new Matrix(source, lanes, width, stride, 1), Panel, destination);
        }
    }

    /// <summary>Packs rows as side B of a product along the rows: panels of 32 columns, <paramref name="panel"/> floats apart,
    /// each [words, 32].</summary>
    public static void RowsAlong(ProductFormat format, float* source, nint stride, int count, int width, float* destination,
        nint panel)
    {
        PrefetchFirst(source, stride, count, width);
        if (format == ProductFormat.Fp32)
        {
            for (var i = 0; i < count; i++, source += stride, destination += Panel)
            {
                if (i + Ahead < count) Prefetch(source + Ahead * stride, width);
                RowToPanels(source, width, destination, panel);
            }
            return;
        }
        for (var column = 0; column < width; column += Panel, destination += panel)
            Panels.Pack(format, new Matrix(source + column, Math.Min(Panel, width - column), count, 1, stride), Panel,
                destination);
    }

    /// <summary>Copies <paramref name="width"/> floats into a row of panels of 32 columns, <paramref name="panel"/> floats
    /// apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowToPanels(float* source, int width, float* destination, nint panel)
    {
        for (; width >= Panel; width -= Panel, source += Panel, destination += panel)
            for (var i = 0; i < Panel; i += TSimd.Count) TSimd.Store(TSimd.Load(source + i), destination + i);
        if (width > 0) Row(source, width, destination);
    }

    /// <summary>Copies <paramref name="width"/> floats into a row of whole vectors; lanes beyond are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* source, int width, float* destination)
    {
        var i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count) TSimd.Store(TSimd.Load(source + i), destination + i);
        if (i < width) TSimd.Store(TSimd.LoadPart(source + i, width - i), destination + i);
    }

    /// <summary>Copies a row of a block out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowOut(float* source, float* destination, int width)
    {
        var i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count) TSimd.Store(TSimd.Load(source + i), destination + i);
        if (i < width) TSimd.StorePart(TSimd.Load(source + i), destination + i, width - i);
    }

    /// <summary>Asks for a row of <paramref name="width"/> floats to be brought near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* row, int width)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < width; i += 16) Sse.Prefetch0(row + i);
    }

    /// <summary>The same for a row that is wanted later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchFar(float* row, int width)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < width; i += 16) Sse.Prefetch1(row + i);
    }

    private static void PrefetchFirst(float* source, nint stride, int count, int width)
    {
        for (var i = 0; i < Math.Min(count, Ahead); i++) Prefetch(source + i * stride, width);
    }

    // destination[column * Panel + lane] = source[lane * stride + column], 4 x 4 at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, nint stride, int lanes, int width, float* destination)
    {
        var lane = 0;
        for (; lane + 4 <= lanes; lane += 4, source += 4 * stride)
        {
            for (var i = Ahead; i < Math.Min(Ahead + 4, lanes - lane); i++) Prefetch(source + i * stride, width);
            var column = 0;
            for (; column + 4 <= width; column += 4) Transpose4x4(source + column, stride, destination + column * Panel + lane);
            for (; column < width; column++)
                for (var i = 0; i < 4; i++) destination[column * Panel + lane + i] = source[i * stride + column];
        }
        for (; lane < lanes; lane++, source += stride)
            for (var column = 0; column < width; column++) destination[column * Panel + lane] = source[column];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* source, nint stride, float* destination)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + 2 * stride), d = Vector128.Load(source + 3 * stride);
        Vector128<float> acLow = Lanes4.ZipLow(a, c), acHigh = Lanes4.ZipHigh(a, c);
        Vector128<float> bdLow = Lanes4.ZipLow(b, d), bdHigh = Lanes4.ZipHigh(b, d);
        Lanes4.ZipLow(acLow, bdLow).Store(destination);
        Lanes4.ZipHigh(acLow, bdLow).Store(destination + Panel);
        Lanes4.ZipLow(acHigh, bdHigh).Store(destination + 2 * Panel);
        Lanes4.ZipHigh(acHigh, bdHigh).Store(destination + 3 * Panel);
    }
}
