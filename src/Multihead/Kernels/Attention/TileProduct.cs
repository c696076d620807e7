using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>C = A B or C += A B for the small blocks of attention, which all fit the first and second level caches. Every
/// element of C is one chain of <see cref="ISimd{V}.MultiplyAdd"/> in ascending depth, whatever the tile that holds it; a
/// product may therefore be cut along the depth, or done row by row, without changing a bit.</summary>
internal static unsafe class TileProduct<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    /// <summary>Rows of the widest register tile; A and C must have room for a row count rounded up to it.</summary>
    public const int TileRows = 4;

    /// <summary>Multiplies. A is [rows, depth] with element (row, k) at a[row * aRow + k * aStep]; B is
    /// [depth, vectors * vector] and C is [rows, vectors * vector], rows bRow and cRow floats apart. With <c>resume</c> the
    /// chains go on from what C holds, else they start at zero. A single row touches itself alone; of more rows, those up to the next multiple of
    /// <see cref="TileRows"/> may be read and written too.</summary>
    public static void Multiply(float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, float* c, nint cRow,
        int rows, int vectors, bool resume)
    {
        // Sixteen accumulators fill half of the 32 registers of 512-bit machines; the others have 16 registers.
        var wide = TSimd.Count == 16;
        for (var row = 0; row < rows; row += TileRows, a += TileRows * aRow, c += TileRows * cRow)
        {
            var single = rows - row == 1;
            var vector = 0;
            for (; wide && vector + 4 <= vectors; vector += 4)
                if (single) Tile1x4(a, aStep, b + vector * TSimd.Count, bRow, depth, c + vector * TSimd.Count, resume);
                else Tile4x4(a, aRow, aStep, b + vector * TSimd.Count, bRow, depth, c + vector * TSimd.Count, cRow, resume);
            for (; vector + 2 <= vectors; vector += 2)
                if (single) Tile1x2(a, aStep, b + vector * TSimd.Count, bRow, depth, c + vector * TSimd.Count, resume);
                else Tile4x2(a, aRow, aStep, b + vector * TSimd.Count, bRow, depth, c + vector * TSimd.Count, cRow, resume);
            for (; vector < vectors; vector++)
                if (single) Tile1x1(a, aStep, b + vector * TSimd.Count, bRow, depth, c + vector * TSimd.Count, resume);
                else Tile4x1(a, aRow, aStep, b + vector * TSimd.Count, bRow, depth, c + vector * TSimd.Count, cRow, resume);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x4(float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, float* c, nint cRow, bool resume)
    {
        V c00 = TSimd.Zero, c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00;
        V c20 = c00, c21 = c00, c22 = c00, c23 = c00, c30 = c00, c31 = c00, c32 = c00, c33 = c00;
        if (resume)
        {
            Load4(c, out c00, out c01, out c02, out c03);
            Load4(c + cRow, out c10, out c11, out c12, out c13);
            Load4(c + 2 * cRow, out c20, out c21, out c22, out c23);
            Load4(c + 3 * cRow, out c30, out c31, out c32, out c33);
        }
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (nint k = 0, end = depth * aStep; k < end; k += aStep, b += bRow)
        {
            V b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Count);
            V b2 = TSimd.Load(b + 2 * TSimd.Count), b3 = TSimd.Load(b + 3 * TSimd.Count);
            var x = TSimd.Create(a[k]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            c02 = TSimd.MultiplyAdd(x, b2, c02);
            c03 = TSimd.MultiplyAdd(x, b3, c03);
            x = TSimd.Create(a1[k]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            c12 = TSimd.MultiplyAdd(x, b2, c12);
            c13 = TSimd.MultiplyAdd(x, b3, c13);
            x = TSimd.Create(a2[k]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            c22 = TSimd.MultiplyAdd(x, b2, c22);
            c23 = TSimd.MultiplyAdd(x, b3, c23);
            x = TSimd.Create(a3[k]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            c32 = TSimd.MultiplyAdd(x, b2, c32);
            c33 = TSimd.MultiplyAdd(x, b3, c33);
        }
        Store4(c, c00, c01, c02, c03);
        Store4(c + cRow, c10, c11, c12, c13);
        Store4(c + 2 * cRow, c20, c21, c22, c23);
        Store4(c + 3 * cRow, c30, c31, c32, c33);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, float* c, nint cRow, bool resume)
    {
        V c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        if (resume)
        {
            Load2(c, out c00, out c01);
            Load2(c + cRow, out c10, out c11);
            Load2(c + 2 * cRow, out c20, out c21);
            Load2(c + 3 * cRow, out c30, out c31);
        }
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (nint k = 0, end = depth * aStep; k < end; k += aStep, b += bRow)
        {
            V b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Count);
            var x = TSimd.Create(a[k]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a1[k]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a2[k]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a3[k]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
        }
        Store2(c, c00, c01);
        Store2(c + cRow, c10, c11);
        Store2(c + 2 * cRow, c20, c21);
        Store2(c + 3 * cRow, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, float* c, nint cRow, bool resume)
    {
        V c0 = TSimd.Zero, c1 = c0, c2 = c0, c3 = c0;
        if (resume)
        {
            c0 = TSimd.Load(c);
            c1 = TSimd.Load(c + cRow);
            c2 = TSimd.Load(c + 2 * cRow);
            c3 = TSimd.Load(c + 3 * cRow);
        }
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (nint k = 0, end = depth * aStep; k < end; k += aStep, b += bRow)
        {
            var b0 = TSimd.Load(b);
            c0 = TSimd.MultiplyAdd(TSimd.Create(a[k]), b0, c0);
            c1 = TSimd.MultiplyAdd(TSimd.Create(a1[k]), b0, c1);
            c2 = TSimd.MultiplyAdd(TSimd.Create(a2[k]), b0, c2);
            c3 = TSimd.MultiplyAdd(TSimd.Create(a3[k]), b0, c3);
        }
        TSimd.Store(c0, c);
        TSimd.Store(c1, c + cRow);
        TSimd.Store(c2, c + 2 * cRow);
        TSimd.Store(c3, c + 3 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x4(float* a, nint aStep, float* b, nint bRow, int depth, float* c, bool resume)
    {
        V c0 = TSimd.Zero, c1 = c0, c2 = c0, c3 = c0;
        if (resume) Load4(c, out c0, out c1, out c2, out c3);
        for (nint k = 0, end = depth * aStep; k < end; k += aStep, b += bRow)
        {
            var x = TSimd.Create(a[k]);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + TSimd.Count), c1);
            c2 = TSimd.MultiplyAdd(x, TSimd.Load(b + 2 * TSimd.Count), c2);
            c3 = TSimd.MultiplyAdd(x, TSimd.Load(b + 3 * TSimd.Count), c3);
        }
        Store4(c, c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(float* a, nint aStep, float* b, nint bRow, int depth, float* c, bool resume)
    {
        V c0 = TSimd.Zero, c1 = c0;
        if (resume) Load2(c, out c0, out c1);
        for (nint k = 0, end = depth * aStep; k < end; k += aStep, b += bRow)
        {
            var x = TSimd.Create(a[k]);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + TSimd.Count), c1);
        }
        Store2(c, c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(float* a, nint aStep, float* b, nint bRow, int depth, float* c, bool resume)
    {
        var sum = resume ? TSimd.Load(c) : TSimd.Zero;
        for (nint k = 0, end = depth * aStep; k < end; k += aStep, b += bRow)
            sum = TSimd.MultiplyAdd(TSimd.Create(a[k]), TSimd.Load(b), sum);
        TSimd.Store(sum, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load2(float* c, out V c0, out V c1) => (c0, c1) = (TSimd.Load(c), TSimd.Load(c + TSimd.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(float* c, V c0, V c1)
    {
        TSimd.Store(c0, c);
        TSimd.Store(c1, c + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load4(float* c, out V c0, out V c1, out V c2, out V c3)
    {
        Load2(c, out c0, out c1);
        Load2(c + 2 * TSimd.Count, out c2, out c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(float* c, V c0, V c1, V c2, V c3)
    {
        Store2(c, c0, c1);
        Store2(c + 2 * TSimd.Count, c2, c3);
    }
}
