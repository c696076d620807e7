using System.Numerics;
using System.Runtime.CompilerServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>One block of rows on its way over the keys. Logits are kept times log2(e), so that their exponentials are powers of
/// two.</summary>
internal readonly unsafe struct ForwardBlock<TSimd, V, TKeys, TLogits>
    where TSimd : struct, ISimd<V> where V : struct where TKeys : struct, IVisibleKeys where TLogits : struct, ILogits
{
    /// <summary>Rows of a block of a span with so many: as many as leave some blocks to each thread, since they share the packing
    /// of the keys.</summary>
    public static int RowBlock(int rows) => Math.Clamp(rows / (4 * 384), 1, 4) * 384;

    /// <summary>Keys are visited in blocks of so many, at multiples of it from the span's start. A row's bits depend on that (its
    /// maximum is renewed once a block), not on the blocks of rows.</summary>
    public const int KeyBlock = 2 * AttentionRows.Block;

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
    private readonly float* _value; // panels [words, 32], the words of KeyBlock keys
    private readonly float* _tile; // [Tile.WidestRows, KeyBlock], logits, then probabilities
    private readonly float* _output; // [count, padded]
    private readonly float* _sum; // [count, vector], of exponentials, lane by lane
    private readonly float* _largest; // [Tile.WidestRows, vector], of a strip's logits
    private readonly RunningMaxima _maxima; // [count], of logits
    private readonly VisibleRanges _visible;
    private readonly AttentionDropout<TSimd, V> _dropout;

    public ForwardBlock(in AttentionProblem problem, in AttentionRows rows, TKeys keys, TLogits logits, int block)
    {
        var rowBlock = RowBlock(rows.RowCount);
        (_problem, _rows, _keys, _logits, _first) = (problem, rows, keys, logits, block * rowBlock);
        _product = new TileProduct<TSimd, V>(problem.Format);
        _count = Math.Min(rowBlock, rows.RowCount - _first);
        _words = problem.Format.Words(problem.HeadDim);
        _padded = (problem.HeadDim + Panel - 1) / Panel * Panel;
        var scratch = AttentionScratch.Begin(rowBlock * (2L * _padded + 16 + 4) + 2 * KeyBlock * _padded +
            Tile.WidestRows * (KeyBlock + 16) + AttentionDropout<TSimd, V>.Scratch);
        _query = scratch.Take(rowBlock * _padded);
        _key = scratch.Take(KeyBlock * _padded);
        _value = scratch.Take(KeyBlock * _padded);
        _tile = scratch.Take(Tile.WidestRows * KeyBlock);
        _output = scratch.Take(rowBlock * _padded);
        _sum = scratch.Take(rowBlock * 16);
        _largest = scratch.Take(Tile.WidestRows * 16);
        _maxima = new RunningMaxima(scratch.Take(rowBlock), scratch.Take(rowBlock));
        _visible = new VisibleRanges((int*)scratch.Take(rowBlock), (int*)scratch.Take(rowBlock));
        _dropout = new AttentionDropout<TSimd, V>(problem, scratch.Take(AttentionDropout<TSimd, V>.Scratch));
    }

    /// <summary>Takes up the queries, and begins with nothing seen.</summary>
    public void LoadQuery()
    {
        for (var i = 0; i < Math.Min(_count, TilePack<TSimd, V>.Ahead); i++)
            TilePack<TSimd, V>.Prefetch(Query(i), _problem.HeadDim);
        for (var i = 0; i < _count; i++)
        {
            if (i + TilePack<TSimd, V>.Ahead < _count)
                TilePack<TSimd, V>.Prefetch(Query(i + TilePack<TSimd, V>.Ahead), _problem.HeadDim);
            TilePack<TSimd, V>.Row(Query(i), _problem.HeadDim, _query + i * _padded);
        }
        if (_problem.Format == ProductFormat.Bf16) Bf16Rows.Along(_query, _padded, _count, _padded, _query);
        new Span<float>(_output, _count * _padded).Clear();
        new Span<float>(_sum, _count * TSimd.Count).Clear();
        _maxima.Begin(_count);
    }

    /// <summary>Takes in the block of keys that begins at <paramref name="key"/>, if any row sees some of them.</summary>
    public void VisitKeys(int key)
    {
        var count = Math.Min(KeyBlock, _rows.KeyCount - key);
        if (!_keys.Visit(_rows.Position(_first), _rows.Position(_first + _count - 1), key, count)) return;
        TilePack<TSimd, V>.RowsAcross(_problem.Format, _problem.Key + _rows.KeyOffset(key, _problem.KeyStride),
            _problem.KeyStride, count, _problem.HeadDim, _key);
        var all = _visible.Load(_keys, _rows, _first, _count, key, count);
        var strips = new Strips(_count);
        bool? finite = null;
        var packed = false;
        for (var strip = 0; strip < strips.Count; strip++)
        {
            PrefetchKeys(key + KeyBlock, strip, strips.Count);
            int start = strips.Start(strip), end = strips.Start(strip + 1);
            var (from, to, same) = all ? (0, count, true) : _visible.Union(start, end);
            if (from >= to) continue;
            Score(start, end - start, from, to);
            Softmax(start, end - start, key, from, to);
            if (_problem.Format == ProductFormat.Bf16)
                Bf16Rows.Along(_tile, KeyBlock, end - start, to, _tile);
            if (!packed) // not before: the first-level cache holds one of keys and values
                TilePack<TSimd, V>.RowsAlong(_problem.Format, _problem.Value + _rows.KeyOffset(key, _problem.ValueStride),
                    _problem.ValueStride, count, _problem.HeadDim, _value, ValuePanel);
            packed = true;
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
            // The sum of a row that has seen a key is about 1 at least, or NaN.
            var factor = TSimd.Create(sum == 0 ? 0 : 1 / sum);
            var output = _output + i * _padded;
            // Adding zero makes -0 to 0: which of them a chain has come to may depend on unseen keys.
            for (var j = 0; j < _padded; j += TSimd.Count)
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(output + j), factor, TSimd.Zero), output + j);
            TilePack<TSimd, V>.RowOut(output, _problem.Output + _rows.QueryOffset(row, _problem.OutputStride), _problem.HeadDim);
            if (_problem.LogSumExp == null) continue;
            _problem.LogSumExp[_rows.StatisticOffset(row)] =
                sum == 0 ? float.NegativeInfinity : _maxima[i] * AttentionRows.Ln2 + MathF.Log(sum);
        }
    }

    private nint ValuePanel => Panel * _problem.Format.Words(KeyBlock);

    private float* Query(int i) => _problem.Query + _rows.QueryOffset(_first + i, _problem.QueryStride);

    /// <summary>Asks, a share with each strip, for the keys and values of the next block.</summary>
    private void PrefetchKeys(int key, int share, int shares)
    {
        var count = Math.Min(KeyBlock, _rows.KeyCount - key);
        for (var j = KeyBlock * share / shares; j < Math.Min(KeyBlock * (share + 1) / shares, count); j++)
        {
            TilePack<TSimd, V>.PrefetchFar(_problem.Key + _rows.KeyOffset(key + j, _problem.KeyStride), _problem.HeadDim);
            TilePack<TSimd, V>.PrefetchFar(_problem.Value + _rows.KeyOffset(key + j, _problem.ValueStride), _problem.HeadDim);
        }
    }

    /// <summary>Query times key for some rows, in whole panels of the keys from <paramref name="from"/> to
    /// <paramref name="to"/>.</summary>
    private void Score(int start, int rows, int from, int to)
    {
        from = from / Panel * Panel;
        _product.Multiply(rows, to - from, _query + start * _padded, _padded, 1, _key + from * _words, Panel * _words, _words,
            _tile + from, KeyBlock, resume: false, next: _tile + from);
    }

    /// <summary>Adds the weighted values of some keys to the output of some rows.</summary>
    private void AddValues(int start, int rows, int tileRow, int from, int to)
    {
        var first = _problem.Format == ProductFormat.Fp32 ? from : from / 2;
        var steps = _problem.Format.Words(to) - first;
        if (steps <= 0) return;
        _product.Multiply(rows, _problem.HeadDim, _tile + tileRow * KeyBlock + first, KeyBlock, 1, _value + first * Panel, ValuePanel,
            steps, _output + start * _padded, _padded, resume: true, next: _query + (start + rows) * _padded);
    }

    /// <summary>Turns a strip's scores into exponentials less the running maxima, zeros for unseen keys, and rescales what was
    /// gathered under the maxima before.</summary>
    /// <param name="start">First row of the strip.</param>
    /// <param name="rows">Rows of the strip.</param>
    /// <param name="key">The block's first key.</param>
    /// <param name="from">The first key that any row of the strip sees.</param>
    /// <param name="to">The key after the last such.</param>
    private void Softmax(int start, int rows, int key, int from, int to)
    {
        // The softmax leaves time to bring the output near, of which the caches hold the rows of few strips.
        TilePack<TSimd, V>.Prefetch(_output + start * _padded, rows * _padded);
        from = from / TSimd.Count * TSimd.Count;
        if (!TLogits.AreScores)
            for (var i = 0; i < rows; i++) ToLogits(start + i, i, key, from, to);
        FindLargest(start, rows, from, to);
        for (var i = 0; i < rows; i += RunningMaxima.Rows)
        {
            for (var none = rows; none < i + RunningMaxima.Rows; none++)
                TSimd.Store(TSimd.Create(float.NegativeInfinity), _largest + none * TSimd.Count);
            var changed = _maxima.Renew(start + i, _largest + i * TSimd.Count, TSimd.Count);
            for (; changed != 0; changed &= changed - 1) Rescale(start + i + BitOperations.TrailingZeroCount(changed));
        }
        ToWeights(start, rows, from, to);
        if (!_dropout.IsOn) return;
        for (var i = 0; i < rows; i++) Drop(start + i, i, key, from, to);
    }

    // What turns the tile's numbers, scores or logits, into logits of base 2. It isn't below zero, and so keeps their order.
    private float ToBase2 => TLogits.AreScores ? _problem.Scale * AttentionRows.Log2E : AttentionRows.Log2E;

    /// <summary>Makes one row's logits of its scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToLogits(int i, int tileRow, int key, int from, int to)
    {
        var tile = _tile + tileRow * KeyBlock;
        var scale = TSimd.Create(_problem.Scale);
        for (var j = from; j < to; j += TSimd.Count)
            TSimd.Store(_logits.Apply<TSimd, V>(TSimd.Multiply(TSimd.Load(tile + j), scale), _rows.Head(_first + i),
                _rows.Position(_first + i), key + j), tile + j);
    }

    /// <summary>Notes the largest logit, in base 2, that every lane of a row has among the keys it sees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindLargest(int start, int rows, int from, int to)
    {
        V lowest = TSimd.Create(float.NegativeInfinity), toBase2 = TSimd.Create(ToBase2);
        for (var i = 0; i < rows; i++)
        {
            var tile = _tile + i * KeyBlock;
            int first = _visible.From(start + i), last = _visible.To(start + i);
            var largest = lowest;
            for (var j = from; j < to; j += TSimd.Count)
            {
                var logits = TSimd.Load(tile + j);
                if (j < first || j + TSimd.Count > last)
                {
                    logits = TSimd.Select(TSimd.FirstLanes(Math.Clamp(last - j, 0, TSimd.Count)), logits, lowest);
                    logits = TSimd.Select(TSimd.FirstLanes(Math.Clamp(first - j, 0, TSimd.Count)), lowest, logits);
                }
                // A NaN is passed over here; it comes back from its own exponential.
                largest = TSimd.Select(TSimd.LessThan(largest, logits), logits, largest);
            }
            // Lanes that have seen no key stay at minus infinity: a scale of zero would make them NaN.
            TSimd.Store(TSimd.Select(TSimd.LessThan(lowest, largest), TSimd.Multiply(largest, toBase2), lowest),
                _largest + i * TSimd.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToWeights(int start, int rows, int from, int to)
    {
        var toBase2 = TSimd.Create(ToBase2);
        var coarse = _problem.Format == ProductFormat.Bf16;
        for (var i = 0; i < rows; i++)
        {
            var tile = _tile + i * KeyBlock;
            int first = _visible.From(start + i), last = _visible.To(start + i);
            if (first >= last) // its maximum may be no number yet
            {
                for (var j = from; j < to; j += TSimd.Count) TSimd.Store(TSimd.Zero, tile + j);
                continue;
            }
            var lessMaximum = TSimd.Create(-_maxima[start + i]);
            var sum = TSimd.Load(_sum + (start + i) * TSimd.Count);
            for (var j = from; j < to; j += TSimd.Count)
            {
                var logits = TSimd.MultiplyAdd(TSimd.Load(tile + j), toBase2, lessMaximum);
                var weights = coarse ? VectorMath.Exp2Coarse<TSimd, V>(logits) : VectorMath.Exp2<TSimd, V>(logits);
                if (j < first || j + TSimd.Count > last)
                {
                    weights = TSimd.Select(TSimd.FirstLanes(Math.Clamp(last - j, 0, TSimd.Count)), weights, TSimd.Zero);
                    weights = TSimd.Select(TSimd.FirstLanes(Math.Clamp(first - j, 0, TSimd.Count)), TSimd.Zero, weights);
                }
                TSimd.Store(weights, tile + j);
                sum = TSimd.Add(sum, weights);
            }
            TSimd.Store(sum, _sum + (start + i) * TSimd.Count);
        }
    }

    private void Rescale(int i)
    {
        var factor = TSimd.Create(_maxima.Factor(i));
        var sum = _sum + i * TSimd.Count;
        TSimd.Store(TSimd.Multiply(TSimd.Load(sum), factor), sum);
        var output = _output + i * _padded;
        for (var j = 0; j < _padded; j += TSimd.Count)
            TSimd.Store(TSimd.Multiply(TSimd.Load(output + j), factor), output + j);
    }

    private void Drop(int i, int tileRow, int key, int from, int to)
    {
        var tile = _tile + tileRow * KeyBlock;
        for (var block = from / AttentionRows.Block * AttentionRows.Block; block < to; block += AttentionRows.Block)
        {
            var factors = _dropout.Factors(_rows.StatisticOffset(_first + i), key + block) - block;
            var end = Math.Min(to, block + AttentionRows.Block);
            for (var j = Math.Max(from, block); j < end; j += TSimd.Count)
                TSimd.Store(TSimd.Multiply(TSimd.Load(tile + j), TSimd.Load(factors + j)), tile + j);
        }
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
