using System.Runtime.CompilerServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>One block of rows against one block of keys in the backward pass, and the gradients that gather there. With P the
/// probabilities, M the dropout factors, dO the gradient of the output O and D = rowsum(dO * O):
/// dV = (P M)^T dO, dS = Scale * P (M (dO V^T) - D), dQ = dS K, dK = dS^T Q
/// (FlashAttention, https://arxiv.org/abs/2205.14135, appendix B).</summary>
internal unsafe struct BackwardTile<TSimd, V, TKeys, TLogits>
    where TSimd : struct, ISimd<V> where V : struct where TKeys : struct, IVisibleKeys where TLogits : struct, ILogits
{
    public const int RowBlock = BackwardRows<TSimd, V>.RowBlock;

    // Fewer blocks of rows stay in a second-level cache of 1 MB, with heads of 64.
    private const int FewestToPrefetch = 8;

    private const int Block = AttentionRows.Block;
    private const int Panel = TileProduct<TSimd, V>.Columns;

    private readonly AttentionProblem _problem;
    private readonly AttentionGradients _gradients;
    private readonly AttentionRows _rows;
    private readonly TKeys _keys;
    private readonly TLogits _logits;
    private readonly TileProduct<TSimd, V> _product;
    private readonly bool _rounds; // to bf16
    private readonly int _words; // of a head's width
    private readonly int _padded; // the head's width as a multiple of the panel's
    private readonly BackwardRows<TSimd, V> _packed;
    private readonly float* _keySide; // the next five of all blocks of keys that are held
    private float* _keyAcross; // panels [words, 32], a key in a column
    private float* _valueAcross; // panels [words, 32], a key in a column
    private float* _keyAlong; // panels [words, 32], the words of Block keys
    private float* _keyGradient; // [Block, padded]
    private float* _valueGradient; // [Block, padded]
    private readonly float* _scores; // [Tile.WidestRows, Block], Q K^T, then P M
    private readonly float* _toWeights; // [Tile.WidestRows, Block], dO V^T, then dS
    private readonly float* _weights; // P M as side A, read downwards: fp32 [RowBlock, Block], bf16 [RowBlock / 2, Block]
    private readonly float* _toScores; // dS in the same form
    private readonly float* _queryGradient; // [rows, padded], of all blocks that are held
    private readonly VisibleRanges _visible;
    private readonly AttentionDropout<TSimd, V> _dropout;
    private readonly int _blocks, _keyBlocks; // that are held
    private int _slot, _row, _rowCount; // the block of rows at work
    private int _keySlot, _key, _keyCount; // the block of keys at work

    /// <param name="problem">The problem.</param>
    /// <param name="gradients">Its gradients.</param>
    /// <param name="rows">The span and head.</param>
    /// <param name="keys">Who sees what.</param>
    /// <param name="logits">What becomes of scores.</param>
    /// <param name="blocks">How many blocks of rows are held at one time: memory grows with it.</param>
    /// <param name="keyBlocks">How many blocks of keys are held at one time.</param>
    public BackwardTile(in AttentionProblem problem, in AttentionGradients gradients, in AttentionRows rows, TKeys keys,
        TLogits logits, int blocks, int keyBlocks)
    {
        (_problem, _gradients, _rows, _keys, _logits) = (problem, gradients, rows, keys, logits);
        (_blocks, _keyBlocks) = (blocks, keyBlocks);
        _product = new TileProduct<TSimd, V>(problem.Format);
        _rounds = problem.Format == ProductFormat.Bf16;
        _words = problem.Format.Words(problem.HeadDim);
        _padded = (problem.HeadDim + Panel - 1) / Panel * Panel;
        var scratch = AttentionScratch.Begin(Scratch(_padded, blocks, keyBlocks));
        _packed = new BackwardRows<TSimd, V>(problem, gradients, rows, _padded, blocks, scratch);
        _keySide = scratch.Take(5L * Block * _padded * keyBlocks);
        _scores = scratch.Take(Tile.WidestRows * Block);
        _toWeights = scratch.Take(Tile.WidestRows * Block);
        _weights = scratch.Take(RowBlock * Block);
        _toScores = scratch.Take(RowBlock * Block);
        _queryGradient = scratch.Take((long)blocks * RowBlock * _padded);
        _visible = new VisibleRanges((int*)scratch.Take(RowBlock), (int*)scratch.Take(RowBlock));
        _dropout = new AttentionDropout<TSimd, V>(problem, scratch.Take(AttentionDropout<TSimd, V>.Scratch));
    }

    /// <summary>Floats of scratch, linear in the rows that are held at one time.</summary>
    public static long Scratch(int padded, int blocks, int keyBlocks) => BackwardRows<TSimd, V>.Scratch(padded, blocks) +
        (long)blocks * RowBlock * padded + 5L * Block * padded * keyBlocks + 2 * Tile.WidestRows * Block +
        2 * RowBlock * (Block + 1) + AttentionDropout<TSimd, V>.Scratch;

    /// <summary>Packs a block of rows and turns to it.</summary>
    public void LoadRows(int slot, int row)
    {
        SelectRows(slot, row);
        _packed.Load(slot, row, _rowCount);
    }

    /// <summary>Turns to a block of rows that was loaded.</summary>
    public void SelectRows(int slot, int row)
    {
        (_slot, _row) = (slot, row);
        _rowCount = Math.Min(RowBlock, _rows.RowCount - row);
    }

    /// <summary>Begins the gradient of the block of rows.</summary>
    public readonly void LoadQueryGradient()
    {
        for (var i = 0; i < _rowCount; i++)
            Begin(_gradients.Query + _rows.QueryOffset(_row + i, _gradients.QueryStride), QueryGradient(i));
    }

    public readonly void StoreQueryGradient()
    {
        for (var i = 0; i < _rowCount; i++)
            TilePack<TSimd, V>.RowOut(QueryGradient(i),
                _gradients.Query + _rows.QueryOffset(_row + i, _gradients.QueryStride), _problem.HeadDim);
    }

    /// <summary>Turns to a block of keys that was loaded, or is about to be: that which begins at <paramref name="key"/>.
    /// </summary>
    public void SelectKeys(int slot, int key)
    {
        (_keySlot, _key) = (slot, key);
        _keyCount = Math.Min(Block, _rows.KeyCount - key);
        var floats = Block * _padded;
        _keyAcross = _keySide + 5L * floats * slot;
        _valueAcross = _keyAcross + floats;
        _keyAlong = _valueAcross + floats;
        _keyGradient = _keyAlong + floats;
        _valueGradient = _keyGradient + floats;
    }

    /// <summary>Packs a block of keys and turns to it.</summary>
    public void LoadKeys(int slot, int key)
    {
        SelectKeys(slot, key);
        var keys = _problem.Key + _rows.KeyOffset(key, _problem.KeyStride);
        var values = _problem.Value + _rows.KeyOffset(key, _problem.ValueStride);
        var (format, width) = (_problem.Format, _problem.HeadDim);
        TilePack<TSimd, V>.RowsAcross(format, keys, _problem.KeyStride, _keyCount, width, _keyAcross);
        TilePack<TSimd, V>.RowsAcross(format, values, _problem.ValueStride, _keyCount, width, _valueAcross);
        TilePack<TSimd, V>.RowsAlong(format, keys, _problem.KeyStride, _keyCount, width, _keyAlong, KeyPanel);
    }

    /// <summary>Begins the gradients of the block of keys.</summary>
    public readonly void LoadKeyGradients()
    {
        for (var j = 0; j < _keyCount; j++)
        {
            Begin(_gradients.Key + _rows.KeyOffset(_key + j, _gradients.KeyStride), _keyGradient + j * _padded);
            Begin(_gradients.Value + _rows.KeyOffset(_key + j, _gradients.ValueStride), _valueGradient + j * _padded);
        }
    }

    public readonly void StoreKeyGradients()
    {
        for (var j = 0; j < _keyCount; j++)
        {
            TilePack<TSimd, V>.RowOut(_keyGradient + j * _padded,
                _gradients.Key + _rows.KeyOffset(_key + j, _gradients.KeyStride), _problem.HeadDim);
            TilePack<TSimd, V>.RowOut(_valueGradient + j * _padded,
                _gradients.Value + _rows.KeyOffset(_key + j, _gradients.ValueStride), _problem.HeadDim);
        }
    }

    /// <summary>Asks for a share of the next <paramref name="most"/> keys and what belongs to them, while others are at work.
    /// </summary>
    public readonly void PrefetchKeys(int key, int most, int share, int shares)
    {
        var count = Math.Min(most, _rows.KeyCount - key);
        for (var j = most * share / shares; j < Math.Min(most * (share + 1) / shares, count); j++)
        {
            TilePack<TSimd, V>.PrefetchFar(_problem.Key + _rows.KeyOffset(key + j, _problem.KeyStride), _problem.HeadDim);
            TilePack<TSimd, V>.PrefetchFar(_problem.Value + _rows.KeyOffset(key + j, _problem.ValueStride), _problem.HeadDim);
            TilePack<TSimd, V>.PrefetchFar(_gradients.Key + _rows.KeyOffset(key + j, _gradients.KeyStride), _problem.HeadDim);
            TilePack<TSimd, V>.PrefetchFar(_gradients.Value + _rows.KeyOffset(key + j, _gradients.ValueStride), _problem.HeadDim);
        }
    }

    /// <summary>Whether any of the rows at work may see a key of the block that begins at <paramref name="key"/>.</summary>
    public readonly bool Sees(int key) => _keys.Visit(_rows.Position(_row), _rows.Position(_row + _rowCount - 1), key,
        Math.Min(Block, _rows.KeyCount - key));

    /// <summary>Adds what the rows and keys at work give to the gradients of the rows and to those of the keys, each if
    /// asked.</summary>
    public readonly void Visit(bool toRows, bool toKeys)
    {
        var all = _visible.Load(_keys, _rows, _row, _rowCount, _key, _keyCount);
        var strips = new Strips(_rowCount);
        for (var strip = 0; strip < strips.Count; strip++)
        {
            int start = strips.Start(strip), end = strips.Start(strip + 1);
            var (from, to, _) = all ? (0, _keyCount, true) : _visible.Union(start, end);
            PrefetchRows(strip, strips.Count);
            if (from < to) Score(start, end - start, from, to);
            Weigh(start, end, from, to, all);
            if (_rounds) RoundDown(start, end);
            if (toRows && from < to) AddToRows(start, end - start, from, to);
        }
        if (!toKeys) return;
        strips = new Strips(_keyCount);
        for (var strip = 0; strip < strips.Count; strip++) AddToKeys(strips.Start(strip), strips.Start(strip + 1));
    }

    // Asks for a share of the next block of rows, and of the gradient that gathers there, while this one is at work.
    private readonly void PrefetchRows(int strip, int strips)
    {
        if (_slot + 1 == _blocks || _blocks < FewestToPrefetch) return;
        int share = _keySlot * strips + strip, shares = _keyBlocks * strips, floats = RowBlock * _padded;
        _packed.Prefetch(_slot + 1, share, shares);
        TilePack<TSimd, V>.PrefetchFar(_queryGradient + (nint)(_slot + 1) * floats + floats / shares * share, floats / shares);
    }

    private readonly nint KeyPanel => Panel * _problem.Format.Words(Block);

    private readonly float* QueryGradient(int i) => _queryGradient + ((nint)_slot * RowBlock + i) * _padded;

    private readonly void Begin(float* stored, float* gradient)
    {
        if (_gradients.Accumulate) TilePack<TSimd, V>.Row(stored, _problem.HeadDim, gradient);
        else new Span<float>(gradient, _padded).Clear();
    }

    /// <summary>Q K^T and dO V^T of a strip of rows, in whole panels of the keys that any of them sees.</summary>
    private readonly void Score(int start, int rows, int from, int to)
    {
        float* query = _packed.Query(_slot, start), gradient = _packed.Gradient(_slot, start);
        var written = (_rounds ? start / 2 : start) * Block; // where P M and dS of these rows go
        from = from / Panel * Panel;
        _product.Multiply(rows, to - from, query, _packed.Stride, 1, _keyAcross + from * _words, Panel * _words, _words,
            _scores + from, Block, resume: false, next: _weights + written + from);
        _product.Multiply(rows, to - from, gradient, _packed.Stride, 1, _valueAcross + from * _words, Panel * _words, _words,
            _toWeights + from, Block, resume: false, next: _toScores + written + from);
    }

    /// <summary>Makes P M and dS of a strip's rows, zeros where they do not see a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Weigh(int start, int end, int from, int to, bool all)
    {
        V scale = TSimd.Create(_problem.Scale), toBase2 = TSimd.Create(AttentionRows.Log2E);
        var scaleToBase2 = TSimd.Create(_problem.Scale * AttentionRows.Log2E);
        if (TLogits.AreScores && all && _keyCount == Block && !_dropout.IsOn)
        {
            WeighAll(start, end, scale, scaleToBase2);
            return;
        }
        var firstVector = from < to ? from / TSimd.Count * TSimd.Count : Block;
        for (var i = start; i < end; i++)
        {
            float* scores = _scores + (i - start) * Block, toWeights = _toWeights + (i - start) * Block;
            float* weights = _rounds ? scores : _weights + i * Block, toScores = _rounds ? toWeights : _toScores + i * Block;
            int first = _visible.From(i), last = _visible.To(i);
            var k = first < last ? firstVector : Block;
            for (var j = 0; j < k; j += TSimd.Count) Clear(weights + j, toScores + j);
            var factors = _dropout.IsOn && first < last ? _dropout.Factors(_rows.StatisticOffset(_row + i), _key) : null;
            var lessLogSumExp = TSimd.Create(-_packed.LogSumExp(_slot, i));
            var lessDelta = TSimd.Create(-_problem.Scale * _packed.Delta(_slot, i));
            for (; k < to; k += TSimd.Count)
            {
                var logits = TSimd.Load(scores + k);
                if (!TLogits.AreScores)
                    logits = _logits.Apply<TSimd, V>(TSimd.Multiply(logits, scale), _rows.Head(_row + i),
                        _rows.Position(_row + i), _key + k);
                var p = Power(TSimd.MultiplyAdd(logits, TLogits.AreScores ? scaleToBase2 : toBase2, lessLogSumExp));
                var gradient = TSimd.Load(toWeights + k);
                var kept = p;
                if (factors != null)
                {
                    var factor = TSimd.Load(factors + k);
                    kept = TSimd.Multiply(p, factor);
                    gradient = TSimd.Multiply(gradient, factor);
                }
                gradient = TSimd.Multiply(p, TSimd.MultiplyAdd(gradient, scale, lessDelta));
                if (!TLogits.AreScores) gradient = _logits.Gradient<TSimd, V>(logits, gradient);
                if (k < first || k + TSimd.Count > last)
                {
                    V before = TSimd.FirstLanes(Math.Clamp(first - k, 0, TSimd.Count));
                    V through = TSimd.FirstLanes(Math.Clamp(last - k, 0, TSimd.Count));
                    kept = TSimd.Select(before, TSimd.Zero, TSimd.Select(through, kept, TSimd.Zero));
                    gradient = TSimd.Select(before, TSimd.Zero, TSimd.Select(through, gradient, TSimd.Zero));
                }
                TSimd.Store(kept, weights + k);
                TSimd.Store(gradient, toScores + k);
            }
            for (; k < Block; k += TSimd.Count) Clear(weights + k, toScores + k);
        }
    }

    // The same where every row sees every key and nothing is dropped, as it is far from the diagonal of long spans.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void WeighAll(int start, int end, V scale, V scaleToBase2)
    {
        float* scores = _scores, toWeights = _toWeights;
        float* weights = _rounds ? scores : _weights + start * Block, toScores = _rounds ? toWeights : _toScores + start * Block;
        for (var i = start; i < end; i++)
        {
            var lessLogSumExp = TSimd.Create(-_packed.LogSumExp(_slot, i));
            var lessDelta = TSimd.Create(-_problem.Scale * _packed.Delta(_slot, i));
            for (var k = 0; k < Block; k += TSimd.Count)
            {
                var p = Power(TSimd.MultiplyAdd(TSimd.Load(scores + k), scaleToBase2, lessLogSumExp));
                TSimd.Store(TSimd.Multiply(p, TSimd.MultiplyAdd(TSimd.Load(toWeights + k), scale, lessDelta)), toScores + k);
                TSimd.Store(p, weights + k);
            }
            scores += Block;
            toWeights += Block;
            weights += Block;
            toScores += Block;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Power(V x) => _rounds ? VectorMath.Exp2Coarse<TSimd, V>(x) : VectorMath.Exp2<TSimd, V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* weights, float* toScores)
    {
        TSimd.Store(TSimd.Zero, weights);
        TSimd.Store(TSimd.Zero, toScores);
    }

    /// <summary>Rounds a strip's P M and dS to pairs of rows, and dS in place to pairs of keys.</summary>
    private readonly void RoundDown(int start, int end)
    {
        int rows = end - start, pairs = (rows + 1) / 2;
        if (rows % 2 != 0) // beside the last row of all
        {
            new Span<float>(_scores + rows * Block, Block).Clear();
            new Span<float>(_toWeights + rows * Block, Block).Clear();
        }
        Bf16Rows.Across(_scores, Block, pairs, Block, _weights + start / 2 * Block, Block);
        Bf16Rows.Across(_toWeights, Block, pairs, Block, _toScores + start / 2 * Block, Block);
        Bf16Rows.Along(_toWeights, Block, rows, Block, _toWeights);
    }

    /// <summary>dQ += dS K, in ascending keys.</summary>
    private readonly void AddToRows(int start, int rows, int from, int to)
    {
        var first = _rounds ? from / 2 : from;
        var toScores = _rounds ? _toWeights : _toScores + start * Block;
        _product.Multiply(rows, _problem.HeadDim, toScores + first, Block, 1, _keyAlong + first * Panel, KeyPanel,
            _problem.Format.Words(to) - first, QueryGradient(start), _padded, resume: true,
            next: _packed.Query(_slot, start + rows));
    }

    /// <summary>dV += (P M)^T dO and dK += dS^T Q for a strip of keys, in ascending rows, of those between the first and the last
    /// that see any of the keys.</summary>
    private readonly void AddToKeys(int firstKey, int endKey)
    {
        var (start, end) = _visible.Seeing(_rowCount, firstKey, endKey);
        if (start >= end) return;
        var first = _rounds ? start / 2 : start;
        var steps = _problem.Format.Words(end) - first;
        var from = first * Block + firstKey;
        float* toValues = _valueGradient + firstKey * _padded, toKeys = _keyGradient + firstKey * _padded;
        _product.Multiply(endKey - firstKey, _problem.HeadDim, _weights + from, 1, Block,
            _packed.GradientPanels(_slot) + first * Panel, _packed.PanelFloats, steps, toValues, _padded, resume: true,
            next: toKeys);
        _product.Multiply(endKey - firstKey, _problem.HeadDim, _toScores + from, 1, Block,
            _packed.QueryPanels(_slot) + first * Panel, _packed.PanelFloats, steps, toKeys, _padded, resume: true,
            next: toKeys + (endKey - firstKey) * _padded);
    }
}
