using System.Runtime.CompilerServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>Queries Q and gradients of the output dO of some blocks of rows, packed for the backward pass: as side A of products
/// along the head's width and as side B of products along the rows.</summary>
internal readonly unsafe struct BackwardRows<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    /// <summary>Rows of a block.</summary>
    public const int RowBlock = 96;

    private const int Panel = TileProduct<TSimd, V>.Columns;

    private readonly AttentionProblem _problem;
    private readonly AttentionGradients _gradients;
    private readonly AttentionRows _rows;
    private readonly int _padded; // the head's width as a multiple of the panel's
    private readonly float* _query; // [rows, padded]; in bf16 the first half of a row holds its words
    private readonly float* _gradient; // the same of dO
    private readonly float* _queryPanels; // for each block and panel of the width [words, 32], the words of RowBlock rows
    private readonly float* _gradientPanels; // the same of dO
    private readonly float* _delta; // [rows], rowsum(dO * O)
    private readonly float* _logSumExp; // [rows], in base 2

    public BackwardRows(in AttentionProblem problem, in AttentionGradients gradients, in AttentionRows rows, int padded,
        int blocks, AttentionScratch scratch)
    {
        (_problem, _gradients, _rows, _padded) = (problem, gradients, rows, padded);
        var count = (long)blocks * RowBlock;
        _query = scratch.Take(count * padded);
        _gradient = scratch.Take(count * padded);
        _queryPanels = scratch.Take(count * padded);
        _gradientPanels = scratch.Take(count * padded);
        _delta = scratch.Take(count);
        _logSumExp = scratch.Take(count);
    }

    /// <summary>Floats of scratch.</summary>
    public static long Scratch(int padded, int blocks) => (long)blocks * RowBlock * (4L * padded + 2);

    /// <summary>Side A of products along the width: rows <see cref="Stride"/> floats apart.</summary>
    public float* Query(int slot, int row) => _query + ((nint)slot * RowBlock + row) * _padded;
    public float* Gradient(int slot, int row) => _gradient + ((nint)slot * RowBlock + row) * _padded;
    public int Stride => _padded;

    /// <summary>Side B of products along the rows: panels <see cref="PanelFloats"/> apart.</summary>
    public float* QueryPanels(int slot) => _queryPanels + (nint)slot * RowBlock * _padded;
    public float* GradientPanels(int slot) => _gradientPanels + (nint)slot * RowBlock * _padded;

    public float Delta(int slot, int row) => _delta[(nint)slot * RowBlock + row];
    public float LogSumExp(int slot, int row) => _logSumExp[(nint)slot * RowBlock + row];

    /// <summary>Packs the <paramref name="count"/> rows from <paramref name="row"/> on as block
    /// <paramref name="slot"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // registers run out where it is
    public void Load(int slot, int row, int count)
    {
        for (var i = 0; i < Math.Min(count, TilePack<TSimd, V>.Ahead); i++) PrefetchRow(row + i);
        for (var i = 0; i < count; i++)
        {
            if (i + TilePack<TSimd, V>.Ahead < count) PrefetchRow(row + i + TilePack<TSimd, V>.Ahead);
            float* query = Query(slot, i), gradient = Gradient(slot, i);
            TilePack<TSimd, V>.Row(_problem.Query + _rows.QueryOffset(row + i, _problem.QueryStride), _problem.HeadDim, query);
            TilePack<TSimd, V>.Row(_gradients.Output + _rows.QueryOffset(row + i, _gradients.OutputStride), _problem.HeadDim,
                gradient);
            _delta[(nint)slot * RowBlock + i] =
                Dot(_problem.Output + _rows.QueryOffset(row + i, _problem.OutputStride), gradient, _problem.HeadDim);
            _logSumExp[(nint)slot * RowBlock + i] =
                _problem.LogSumExp[_rows.StatisticOffset(row + i)] * AttentionRows.Log2E;
            if (_problem.Format == ProductFormat.Fp32)
            {
                TilePack<TSimd, V>.RowToPanels(query, _problem.HeadDim, QueryPanels(slot) + i * Panel, PanelFloats);
                TilePack<TSimd, V>.RowToPanels(gradient, _problem.HeadDim, GradientPanels(slot) + i * Panel, PanelFloats);
            }
        }
        if (_problem.Format != ProductFormat.Bf16) return;
        Round(Query(slot, 0), count, QueryPanels(slot));
        Round(Gradient(slot, 0), count, GradientPanels(slot));
    }

    /// <summary>Asks for a share of a block that is wanted later.</summary>
    /// <param name="slot">The block.</param>
    /// <param name="share">0 to below <paramref name="shares"/>.</param>
    /// <param name="shares">A divisor of <see cref="RowBlock"/>.</param>
    public void Prefetch(int slot, int share, int shares)
    {
        var words = _problem.Format.Words(_padded);
        for (var i = RowBlock * share / shares; i < RowBlock * (share + 1) / shares; i++)
        {
            TilePack<TSimd, V>.PrefetchFar(Query(slot, i), words);
            TilePack<TSimd, V>.PrefetchFar(Gradient(slot, i), words);
        }
        var floats = RowBlock * words;
        TilePack<TSimd, V>.PrefetchFar(QueryPanels(slot) + floats / shares * share, floats / shares);
        TilePack<TSimd, V>.PrefetchFar(GradientPanels(slot) + floats / shares * share, floats / shares);
    }

    /// <summary>From a panel of a block to the next.</summary>
    public nint PanelFloats => Panel * _problem.Format.Words(RowBlock);

    // Rounds rows of a block to pairs of rows, and in place to pairs of columns.
    private void Round(float* rows, int count, float* panels)
    {
        var pairs = (count + 1) / 2;
        if (count % 2 != 0) new Span<float>(rows + count * _padded, _padded).Clear(); // beside the last one
        for (var column = 0; column < _problem.HeadDim; column += Panel)
            Bf16Rows.Across(rows + column, _padded, pairs, Panel, panels + column / Panel * PanelFloats, Panel);
        Bf16Rows.Along(rows, _padded, 2 * pairs, _padded, rows);
    }

    private void PrefetchRow(int row)
    {
        TilePack<TSimd, V>.Prefetch(_problem.Query + _rows.QueryOffset(row, _problem.QueryStride), _problem.HeadDim);
        TilePack<TSimd, V>.Prefetch(_gradients.Output + _rows.QueryOffset(row, _gradients.OutputStride), _problem.HeadDim);
        TilePack<TSimd, V>.Prefetch(_problem.Output + _rows.QueryOffset(row, _problem.OutputStride), _problem.HeadDim);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* output, float* gradient, int width)
    {
        var sum = TSimd.Zero;
        var i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count)
            sum = TSimd.MultiplyAdd(TSimd.Load(output + i), TSimd.Load(gradient + i), sum);
        if (i < width) sum = TSimd.MultiplyAdd(TSimd.LoadPart(output + i, width - i), TSimd.Load(gradient + i), sum);
        return TSimd.Sum(sum);
    }
}
