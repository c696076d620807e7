using System.Runtime.CompilerServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>The products of attention's small tiles, on assembled microkernels where there are some, else on a loop over vectors
/// (fp32 alone). Every element of C is one chain of fused multiply-adds in ascending depth, whatever the tile that holds it: a
/// product may therefore be cut along the depth, or done row by row, and both ways give the same bits.</summary>
internal readonly unsafe struct TileProduct<TSimd, V>(ProductFormat format) where TSimd : struct, ISimd<V> where V : struct
{
    /// <summary>Columns of a panel of B, on every path.</summary>
    public const int Columns = 32;

    private readonly nint[]? _assembled = TSimd.Count == Simd512.Count ? AssembledProduct.Functions(format) : null;

    /// <summary>C (+)= A B. The word (32 bits: a float, or two bf16 of successive depth) of row i and step k of A stands at
    /// a[i * aRow + k * aStep]; B is dense panels [steps, 32] of words; C [rows, columns] of floats has rows cRow apart and
    /// room for whole panels, which may be written too.</summary>
    /// <param name="rows">1..12.</param>
    /// <param name="columns">1 or more.</param>
    /// <param name="a">See above.</param>
    /// <param name="aRow">See above.</param>
    /// <param name="aStep">See above.</param>
    /// <param name="b">See above.</param>
    /// <param name="bPanel">Words from a panel to the next.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="c">See above.</param>
    /// <param name="cRow">See above.</param>
    /// <param name="resume">Whether the chains go on from what C holds, rather than begin at zero.</param>
    /// <param name="next">Rows like those of C that are wanted next: as many as there are are brought near, 32 floats of each
    /// with every panel.</param>
    [SkipLocalsInit]
    public void Multiply(int rows, int columns, float* a, nint aRow, nint aStep, float* b, nint bPanel, int steps, float* c,
        nint cRow, bool resume, float* next)
    {
        if (_assembled is null)
        {
            for (var column = 0; column < columns; column += Columns, b += bPanel)
                MultiplyPortably(rows, Math.Min(Columns, columns - column), a, aRow, aStep, b, steps, c + column, cRow, resume);
            return;
        }
        Unsafe.SkipInit(out ProductArguments arguments); // what follows is all that is read
        arguments.A = a;
        arguments.ARowBytes = aRow * sizeof(float);
        arguments.AStepBytes = aStep * sizeof(float);
        arguments.B = b;
        arguments.C = c;
        arguments.CStrideBytes = cRow * sizeof(float);
        arguments.Steps = steps;
        arguments.Resume = resume ? 1 : 0;
        var before = (columns - 1) / Columns; // tiles before the last
        arguments.PanelBytes = bPanel * sizeof(float);
        arguments.Tiles = before + 1;
        arguments.Columns = (1L << (columns - before * Columns)) - 1;
        arguments.Next = next;
        arguments.LastNext = next + before * Columns;
        arguments.Ahead = Prefetcher.Idle(b);
        AssembledProduct.Run(_assembled[rows - 1], &arguments);
    }

    /// <summary>The same for one panel, without assembled code, in fp32.</summary>
    internal static void MultiplyPortably(int rows, int columns, float* a, nint aRow, nint aStep, float* b, int steps, float* c,
        nint cRow, bool resume)
    {
        for (var column = 0; column < columns; column += 2 * TSimd.Count)
        {
            var row = 0;
            for (; row + 4 <= rows; row += 4)
                Tile4x2(a + row * aRow, aRow, aStep, b + column, steps, c + row * cRow + column, cRow, resume);
            for (; row < rows; row++)
                Tile1x2(a + row * aRow, aStep, b + column, steps, c + row * cRow + column, resume);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(float* a, nint aRow, nint aStep, float* b, int steps, float* c, nint cRow, bool resume)
    {
        V c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        if (resume)
        {
            (c00, c01) = (TSimd.Load(c), TSimd.Load(c + TSimd.Count));
            (c10, c11) = (TSimd.Load(c + cRow), TSimd.Load(c + cRow + TSimd.Count));
            (c20, c21) = (TSimd.Load(c + 2 * cRow), TSimd.Load(c + 2 * cRow + TSimd.Count));
            (c30, c31) = (TSimd.Load(c + 3 * cRow), TSimd.Load(c + 3 * cRow + TSimd.Count));
        }
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (nint k = 0, end = steps * aStep; k < end; k += aStep, b += Columns)
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
    private static void Tile1x2(float* a, nint aStep, float* b, int steps, float* c, bool resume)
    {
        V c0 = TSimd.Zero, c1 = c0;
        if (resume) (c0, c1) = (TSimd.Load(c), TSimd.Load(c + TSimd.Count));
        for (nint k = 0, end = steps * aStep; k < end; k += aStep, b += Columns)
        {
            var x = TSimd.Create(a[k]);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + TSimd.Count), c1);
        }
        Store2(c, c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(float* c, V c0, V c1)
    {
        TSimd.Store(c0, c);
        TSimd.Store(c1, c + TSimd.Count);
    }
}
