using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Reductions;

/// <summary>What a sum down a column adds up.</summary>
internal interface IColumnTerm
{
    /// <summary>The terms of one row for columns <paramref name="column"/> .. + <paramref name="lanes"/> - 1.</summary>
    V Terms<TSimd, V>(int row, int column, int lanes) where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>Sums down the columns of a matrix: rows ascending in blocks of fixed size, whose sums are added in order. A
/// column's bits do not depend on the other columns.</summary>
internal static unsafe class ColumnSum
{
    // Sums of blocks lose fewer digits than one long chain.
    private const int RowsPerBlock = 128;

    /// <summary>y[j] = sum over i of x[i, j], or y[j] += that: the gradient of a bias.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="y">[width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="accumulate">Whether y is added to.</param>
    public static void Add(ThreadTeam team, float* x, float* y, int rows, int width, bool accumulate) =>
        ColumnLoop.Run(team, new Step<Values>(new Values(x, width), rows, y, accumulate), width);

    /// <summary>The sums of any terms into y, for columns <paramref name="first"/>..<paramref name="end"/>-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns<TSimd, V, TTerm>(TTerm term, int rows, int first, int end, float* y, bool accumulate)
        where TSimd : struct, ISimd<V> where V : struct where TTerm : unmanaged, IColumnTerm
    {
        if (!accumulate) new Span<float>(y + first, end - first).Clear();
        for (var row = 0; row < rows; row += RowsPerBlock)
        {
            var lastRow = Math.Min(rows, row + RowsPerBlock);
            var column = first;
            for (; column <= end - 4 * TSimd.Count; column += 4 * TSimd.Count)
                FourVectors<TSimd, V, TTerm>(term, row, lastRow, column, y + column);
            for (; column < end; column += TSimd.Count)
                OneVector<TSimd, V, TTerm>(term, row, lastRow, column, Math.Min(TSimd.Count, end - column), y + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<TSimd, V, TTerm>(TTerm term, int row, int lastRow, int column, float* y)
        where TSimd : struct, ISimd<V> where V : struct where TTerm : unmanaged, IColumnTerm
    {
        var n = TSimd.Count;
        V s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        for (; row < lastRow; row++)
        {
            s0 = TSimd.Add(s0, term.Terms<TSimd, V>(row, column, n));
            s1 = TSimd.Add(s1, term.Terms<TSimd, V>(row, column + n, n));
            s2 = TSimd.Add(s2, term.Terms<TSimd, V>(row, column + 2 * n, n));
            s3 = TSimd.Add(s3, term.Terms<TSimd, V>(row, column + 3 * n, n));
        }
        TSimd.Store(TSimd.Add(TSimd.Load(y), s0), y);
        TSimd.Store(TSimd.Add(TSimd.Load(y + n), s1), y + n);
        TSimd.Store(TSimd.Add(TSimd.Load(y + 2 * n), s2), y + 2 * n);
        TSimd.Store(TSimd.Add(TSimd.Load(y + 3 * n), s3), y + 3 * n);
    }

    private static void OneVector<TSimd, V, TTerm>(TTerm term, int row, int lastRow, int column, int lanes, float* y)
        where TSimd : struct, ISimd<V> where V : struct where TTerm : unmanaged, IColumnTerm
    {
        var sum = TSimd.Zero;
        for (; row < lastRow; row++) sum = TSimd.Add(sum, term.Terms<TSimd, V>(row, column, lanes));
        TSimd.StorePart(TSimd.Add(TSimd.LoadPart(y, lanes), sum), y, lanes);
    }

    /// <summary>x[i, j].</summary>
    public readonly struct Values(float* x, int width) : IColumnTerm
    {
        private readonly float* _x = x;
        private readonly int _width = width;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Terms<TSimd, V>(int row, int column, int lanes) where TSimd : struct, ISimd<V> where V : struct =>
            TSimd.LoadPart(_x + (long)row * _width + column, lanes);
    }

    private readonly struct Step<TTerm>(TTerm term, int rows, float* y, bool accumulate) : IColumnStep
        where TTerm : unmanaged, IColumnTerm
    {
        private readonly TTerm _term = term;
        private readonly int _rows = rows;
        private readonly float* _y = y;
        private readonly bool _accumulate = accumulate;

        public void Columns<TSimd, V>(int first, int end) where TSimd : struct, ISimd<V> where V : struct =>
            Columns<TSimd, V, TTerm>(_term, _rows, first, end, _y, _accumulate);
    }
}
