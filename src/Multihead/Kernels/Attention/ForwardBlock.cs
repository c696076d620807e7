using System.Runtime.CompilerServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>One block of rows on its way over the keys. Logits are kept times log2(e), so that their exponentials are powers of
/// two.</summary>
internal readonly unsafe struct ForwardBlock<TSimd, V, TKeys, TLogits>
    where TSimd : struct, ISimd<V> where V : struct where TKeys : struct, IVisibleKeys where TLogits : struct, ILogits
{
    /// <summary>Rows of a block; many, so that packing the keys is shared by them.</summary>
    public const int RowBlock = 384;

    private const int Block = AttentionRows.Block;
    private const int Panel = TileProduct<TSimd, V>.Columns;

    private readonly AttentionProblem _problem;
    private readonly AttentionRows _rows;
    private readonly TKeys _keys;
    private readonly TLogits _logits;
    private readonly TileProduct<TSimd, V> _product;
    private readonly int _first; // row
    private readonly int _count; // rows
    private readonly int _words; // of a head's width
    private readonly int _padded; // the head's width as a multiple of the panel's
    private readonly float* _query; // [count, padded]; in bf16 the first half of a row holds its words
    private readonly float* _key; // panels [words, 32], a key in a column
    private readonly float* _value; // panels [words of Block, 32]
    private readonly float* _tile; // [Tile.WidestRows, Block], logits, then probabilities
    private readonly float* _output; // [count, padded]
    private readonly float* _sum; // [count, vector], of exponentials, lane by lane
    private readonly float* _max; // [count], of logits
    private readonly VisibleRanges _visible;
    private readonly AttentionDropout<TSimd, V> _dropout;

    public ForwardBlock(in AttentionProblem problem, in AttentionRows rows, TKeys keys, TLogits logits, int first)
    {
        (_problem, _rows, _keys, _logits, _first) = (problem, rows, keys, logits, first);
        _product = new TileProduct<TSimd, V>(problem.Format);
        _count = Math.Min(RowBlock, rows.RowCount - first);
        _words = problem.Format.Words(problem.HeadDim);
        _padded = (problem.HeadDim + Panel - 1) / Panel * Panel;
        var scratch = AttentionScratch.Begin(RowBlock * (2L * _padded + 16 + 3) + 2 * Block * _padded +
            Tile.WidestRows * Block + AttentionDropout<TSimd, V>.Scratch);
        _query = scratch.Take(RowBlock * _padded);
        _key = scratch.Take(Block * _padded);
        _value = scratch.Take(Block * _padded);
        _tile = scratch.Take(Tile.WidestRows * Block);
        _output = scratch.Take(RowBlock * _padded);
        _sum = scratch.Take(RowBlock * 16);
        _max = scratch.Take(RowBlock);
        _visible = new VisibleRanges((int*)scratch.Take(RowBlock), (int*)scratch.Take(RowBlock));
        _dropout = new AttentionDropout<TSimd, V>(problem, scratch.Take(AttentionDropout<TSimd, V>.Scratch));
    }

    /// <summary>Takes up the queries, and begins with nothing seen.</summary>
    public void LoadQuery()
    {
        for (var i = 0; i < _count; i++)
        {
            if (i + TilePack<TSimd, V>.Ahead < _count)
                TilePack<TSimd, V>.Prefetch(Query(i + TilePack<TSimd, V>.Ahead), _problem.HeadDim);
            var row = _query + i * _padded;
            TilePack<TSimd, V>.Row(Query(i), _problem.HeadDim, row);
            if (_problem.Format == ProductFormat.Bf16) Bf16Words.Along(row, _padded, row);
        }
        new Span<float>(_output, _count * _padded).Clear();
        new Span<float>(_sum, _count * TSimd.Count).Clear();
        new Span<float>(_max, _count).Fill(float.NegativeInfinity);
    }

    /// <summary>Takes in the block of keys that begins at <paramref name="key"/>, if any row sees some of them.</summary>
    public void VisitKeys(int key)
    {
        var count = Math.Min(Block, _rows.KeyCount - key);
        if (!_keys.Visit(_rows.Position(_first), _rows.Position(_first + _count - 1), key, count)) return;
        TilePack<TSimd, V>.RowsAcross(_problem.Format, _problem.Key + _rows.KeyOffset(key, _problem.KeyStride),
            _problem.KeyStride, count, _problem.HeadDim, _key);
        TilePack<TSimd, V>.RowsAlong(_problem.Format, _problem.Value + _rows.KeyOffset(key, _problem.ValueStride),
            _problem.ValueStride, count, _problem.HeadDim, _value, ValuePanel);
        _visible.Load(_keys, _rows, _first, _count, key, count);
        var strips = new Strips(_count);
        bool? finite = null;
        for (var strip = 0; strip < strips.Count; strip++)
        {
            int start = strips.Start(strip), end = strips.Start(strip + 1);
            var (from, to, same) = _visible.Union(start, end);
            if (from >= to) continue;
            Score(start, end - start, from, to);
            for (var i = start; i < end; i++) Softmax(i, i - start, key, from, to);
            if (_problem.Format == ProductFormat.Bf16)
                for (var i = 0; i < end - start; i++) Bf16Words.Along(_tile + i * Block, Block, _tile + i * Block);
            // A key that a row does not see weighs zero, but zero times what is not finite would be NaN.
            if (same || _problem.Format == ProductFormat.Bf16 || (finite ??= ValuesAreFinite(count)))
                AddValues(start, end - start, 0, from, to);
            else
                for (var i = start; i < end; i++) AddValues(i, 1, i - start, _visible.From(i), _visible.To(i));
        }
    }

    /// <summary>Divides by the sums and writes the rows out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Finish()
    {
        for (var i = 0; i < _count; i++)
        {
            var row = _first + i;
            var sum = TSimd.Sum(TSimd.Load(_sum + i * TSimd.Count));
            // The sum of a row that has seen a key is at least 1, or NaN.
            var factor = TSimd.Create(sum == 0 ? 0 : 1 / sum);
            var output = _output + i * _padded;
            // Adding zero makes -0 to 0: which of them a chain has come to may depend on unseen keys.
            for (var j = 0; j < _padded; j += TSimd.Count)
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(output + j), factor, TSimd.Zero), output + j);
            TilePack<TSimd, V>.RowOut(output, _problem.Output + _rows.QueryOffset(row, _problem.OutputStride), _problem.HeadDim);
            if (_problem.LogSumExp == null) continue;
            _problem.LogSumExp[_rows.StatisticOffset(row)] =
                sum == 0 ? float.NegativeInfinity : _max[i] * AttentionRows.Ln2 + MathF.Log(sum);
        }
    }

    private nint ValuePanel => Panel * _problem.Format.Words(Block);

    private float* Query(int i) => _problem.Query + _rows.QueryOffset(_first + i, _problem.QueryStride);

    /// <summary>Query times key for some rows, in whole panels of the keys from <paramref name="from"/> to
    /// <paramref name="to"/>.</summary>
    private void Score(int start, int rows, int from, int to)
    {
        for (var key = from / Panel * Panel; key < to; key += Panel)
            _product.Multiply(rows, Math.Min(Panel, to - key), _query + start * _padded, _padded, 1, _key + key * _words, _words,
                _tile + key, Block, resume: false);
    }

    /// <summary>Adds the weighted values of some keys to the output of some rows.</summary>
    private void AddValues(int start, int rows, int tileRow, int from, int to)
    {
        var first = _problem.Format == ProductFormat.Fp32 ? from : from / 2;
        var steps = _problem.Format.Words(to) - first;
        if (steps <= 0) return;
        for (var column = 0; column < _padded; column += Panel)
            _product.Multiply(rows, Math.Min(Panel, _problem.HeadDim - column), _tile + tileRow * Block + first, Block, 1,
                _value + column / Panel * ValuePanel + first * Panel, steps, _output + start * _padded + column, _padded,
                resume: true);
    }

    /// <summary>Turns one row's scores into exponentials less the running maximum, zeros for unseen keys, and rescales what was
    /// gathered under the maximum before.</summary>
    /// <param name="i">Row of the block.</param>
    /// <param name="tileRow">Where its scores stand.</param>
    /// <param name="key">The block's first key.</param>
    /// <param name="from">The first key that any row of the strip sees.</param>
    /// <param name="to">The key after the last such.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(int i, int tileRow, int key, int from, int to)
    {
        var tile = _tile + tileRow * Block;
        from = from / TSimd.Count * TSimd.Count;
        int first = _visible.From(i), last = _visible.To(i);
        if (first >= last)
        {
            for (var j = from; j < to; j += TSimd.Count) TSimd.Store(TSimd.Zero, tile + j);
            return;
        }
        var scale = TSimd.Create(TLogits.AreScores ? _problem.Scale * AttentionRows.Log2E : _problem.Scale);
        V lowest = TSimd.Create(float.NegativeInfinity), largest = lowest;
        for (var j = from; j < to; j += TSimd.Count)
        {
            var logits = TSimd.Multiply(TSimd.Load(tile + j), scale);
            if (!TLogits.AreScores)
                logits = TSimd.Multiply(_logits.Apply<TSimd, V>(logits, _rows.Head(_first + i), _rows.Position(_first + i), key + j),
                    TSimd.Create(AttentionRows.Log2E));
            if (j < first) logits = TSimd.Select(TSimd.FirstLanes(Math.Min(first - j, TSimd.Count)), lowest, logits);
            if (j + TSimd.Count > last) logits = TSimd.Select(TSimd.FirstLanes(Math.Max(last - j, 0)), logits, lowest);
            TSimd.Store(logits, tile + j);
            // A NaN is passed over here; it comes back from its own exponential.
            largest = TSimd.Select(TSimd.LessThan(largest, logits), logits, largest);
        }
        var max = TSimd.MaxLane(largest);
        if (max > _max[i]) Rescale(i, max);
        var maximum = TSimd.Create(_max[i]);
        var sum = TSimd.Load(_sum + i * TSimd.Count);
        for (var j = from; j < to; j += TSimd.Count)
        {
            var weights = VectorMath.Exp2<TSimd, V>(TSimd.Subtract(TSimd.Load(tile + j), maximum));
            TSimd.Store(weights, tile + j);
            sum = TSimd.Add(sum, weights);
        }
        TSimd.Store(sum, _sum + i * TSimd.Count);
        if (_dropout.IsOn) Drop(i, tile, key, from, to);
    }

    private void Rescale(int i, float max)
    {
        var before = _max[i];
        _max[i] = max;
        if (float.IsNegativeInfinity(before)) return; // nothing was gathered yet
        var factor = VectorMath.Exp2<TSimd, V>(TSimd.Create(before - max));
        var sum = _sum + i * TSimd.Count;
        TSimd.Store(TSimd.Multiply(TSimd.Load(sum), factor), sum);
        var output = _output + i * _padded;
        for (var j = 0; j < _padded; j += TSimd.Count)
            TSimd.Store(TSimd.Multiply(TSimd.Load(output + j), factor), output + j);
    }

    private void Drop(int i, float* tile, int key, int from, int to)
    {
        var factors = _dropout.Factors(_rows.StatisticOffset(_first + i), key);
        for (var j = from; j < to; j += TSimd.Count)
            TSimd.Store(TSimd.Multiply(TSimd.Load(tile + j), TSimd.Load(factors + j)), tile + j);
    }

    private bool ValuesAreFinite(int count)
    {
        var spoiled = TSimd.Zero;
        for (var column = 0; column < _problem.HeadDim; column += TSimd.Count)
        {
            var values = _value + column / Panel * ValuePanel + column % Panel;
            for (var j = 0; j < count; j++) spoiled = TSimd.MultiplyAdd(TSimd.Load(values + j * Panel), TSimd.Zero, spoiled);
        }
        return !float.IsNaN(TSimd.Sum(spoiled));
    }
}
