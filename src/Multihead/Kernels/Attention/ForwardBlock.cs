using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>One block of rows on its way over the keys.</summary>
internal readonly unsafe struct ForwardBlock<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    /// <summary>Rows of a block; more than keys, so that packing the keys is shared by more rows.</summary>
    public const int RowBlock = 128;

    private const int Block = AttentionRows.Block;
    private const int TileRows = TileProduct<TSimd, V>.TileRows;

    private readonly AttentionProblem _problem;
    private readonly AttentionRows _rows;
    private readonly int _first; // row
    private readonly int _count; // rows
    private readonly int _padded; // the head's width as a multiple of the vector's
    private readonly float* _query; // [RowBlock, padded]
    private readonly float* _key; // [headDim, Block], transposed
    private readonly float* _value; // [Block, padded]
    private readonly float* _tile; // [RowBlock, Block], logits, then probabilities
    private readonly float* _output; // [RowBlock, padded]
    private readonly float* _sum; // [RowBlock, vector], of exponentials, lane by lane
    private readonly float* _max; // [RowBlock]
    private readonly AttentionDropout<TSimd, V> _dropout;

    public ForwardBlock(in AttentionProblem problem, in AttentionRows rows, int first)
    {
        _problem = problem;
        _rows = rows;
        _first = first;
        _count = Math.Min(RowBlock, rows.RowCount - first);
        _padded = (problem.HeadDim + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        var scratch = AttentionScratch.Begin(RowBlock * (2 * _padded + Block + TSimd.Count + 1) + 2 * Block * _padded +
            AttentionDropout<TSimd, V>.Scratch);
        _query = scratch.Take(RowBlock * _padded);
        _key = scratch.Take(Block * _padded);
        _value = scratch.Take(Block * _padded);
        _tile = scratch.Take(RowBlock * Block);
        _output = scratch.Take(RowBlock * _padded);
        _sum = scratch.Take(RowBlock * TSimd.Count);
        _max = scratch.Take(RowBlock);
        _dropout = new AttentionDropout<TSimd, V>(problem, scratch.Take(AttentionDropout<TSimd, V>.Scratch));
    }

    /// <summary>Keys from here on are seen by no row of the block.</summary>
    public int KeyEnd => _rows.Visible(_first + _count - 1);

    public void LoadQuery()
    {
        for (var i = 0; i < _count; i++)
        {
            if (i + TilePack<TSimd, V>.Ahead < _count)
                TilePack<TSimd, V>.Prefetch(Query(i + TilePack<TSimd, V>.Ahead), _problem.HeadDim);
            TilePack<TSimd, V>.Row(Query(i), _problem.HeadDim, _query + i * _padded, _padded);
        }
        new Span<float>(_output, _count * _padded).Clear();
        new Span<float>(_sum, _count * TSimd.Count).Clear();
        new Span<float>(_max, _count).Fill(float.NegativeInfinity);
    }

    /// <summary>Takes in the block of keys that begins at <paramref name="key"/>.</summary>
    public void VisitKeys(int key)
    {
        var keys = Math.Min(Block, KeyEnd - key);
        TilePack<TSimd, V>.Transposed(_problem.Key + _rows.KeyOffset(key, _problem.KeyStride), _problem.KeyStride, keys,
            _problem.HeadDim, _key);
        TilePack<TSimd, V>.Rows(_problem.Value + _rows.KeyOffset(key, _problem.ValueStride), _problem.ValueStride, keys,
            _problem.HeadDim, _value, _padded);
        var start = Math.Max(0, _rows.FirstSeeing(key) - _first) / TileRows * TileRows;
        for (var i = start; i < _count; i += TileRows)
        {
            var tile = Math.Min(TileRows, _count - i);
            var vectors = (VisibleIn(i + tile - 1, key, keys) + TSimd.Count - 1) / TSimd.Count;
            TileProduct<TSimd, V>.Multiply(_query + i * _padded, _padded, 1, _key, Block, _problem.HeadDim,
                _tile + i * Block, Block, tile, vectors, resume: false);
        }
        for (var i = start; i < _count; i++)
        {
            var visible = VisibleIn(i, key, keys);
            if (visible > 0) Softmax(i, key, visible);
        }
        for (var i = start; i < _count; i += TileRows) AddValues(i, Math.Min(TileRows, _count - i), key, keys);
    }

    /// <summary>Divides by the sums and writes the rows out.</summary>
    public void Finish()
    {
        for (var i = 0; i < _count; i++)
        {
            var row = _first + i;
            var sum = TSimd.Sum(TSimd.Load(_sum + i * TSimd.Count));
            var sees = _rows.Visible(row) > 0;
            TilePack<TSimd, V>.RowOut(_output + i * _padded, _problem.Output + _rows.QueryOffset(row, _problem.OutputStride),
                _problem.HeadDim, sees ? 1 / sum : 0);
            if (_problem.LogSumExp != null)
                _problem.LogSumExp[_rows.StatisticOffset(row)] = sees ? _max[i] + MathF.Log(sum) : float.NegativeInfinity;
        }
    }

    private float* Query(int i) => _problem.Query + _rows.QueryOffset(_first + i, _problem.QueryStride);

    private int VisibleIn(int i, int key, int keys) => Math.Clamp(_rows.Visible(_first + i) - key, 0, keys);

    /// <summary>Turns one row's logits into exponentials less the running maximum, and rescales what was gathered under the
    /// maximum before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(int i, int key, int visible)
    {
        var tile = _tile + i * Block;
        var scale = TSimd.Create(_problem.Scale);
        var whole = visible / TSimd.Count * TSimd.Count;
        var largest = TSimd.Create(float.NegativeInfinity);
        for (var j = 0; j < whole; j += TSimd.Count)
        {
            var logits = TSimd.Multiply(TSimd.Load(tile + j), scale);
            TSimd.Store(logits, tile + j);
            largest = TSimd.Max(largest, logits);
        }
        if (whole < visible)
        {
            // Keys after the last visible one weigh exactly nothing: exp(-infinity) = 0.
            for (var j = whole; j < whole + TSimd.Count; j++)
                tile[j] = j < visible ? tile[j] * _problem.Scale : float.NegativeInfinity;
            largest = TSimd.Max(largest, TSimd.Load(tile + whole));
        }
        var max = MathF.Max(_max[i], TSimd.MaxLane(largest));
        if (max != _max[i]) Rescale(i, max);
        var maximum = TSimd.Create(max);
        var sum = TSimd.Load(_sum + i * TSimd.Count);
        for (var j = 0; j < visible; j += TSimd.Count)
        {
            var weights = VectorMath.Exp<TSimd, V>(TSimd.Subtract(TSimd.Load(tile + j), maximum));
            TSimd.Store(weights, tile + j);
            sum = TSimd.Add(sum, weights);
        }
        TSimd.Store(sum, _sum + i * TSimd.Count);
        if (_dropout.IsOn) Drop(i, key, visible);
    }

    private void Rescale(int i, float max)
    {
        var before = _max[i];
        _max[i] = max;
        if (float.IsNegativeInfinity(before)) return; // nothing was gathered yet
        var factor = VectorMath.Exp<TSimd, V>(TSimd.Create(before - max));
        var sum = _sum + i * TSimd.Count;
        TSimd.Store(TSimd.Multiply(TSimd.Load(sum), factor), sum);
        var output = _output + i * _padded;
        for (var j = 0; j < _padded; j += TSimd.Count)
            TSimd.Store(TSimd.Multiply(TSimd.Load(output + j), factor), output + j);
    }

    private void Drop(int i, int key, int visible)
    {
        var factors = _dropout.Factors(_rows.StatisticOffset(_first + i), key);
        var tile = _tile + i * Block;
        for (var j = 0; j < visible; j += TSimd.Count)
            TSimd.Store(TSimd.Multiply(TSimd.Load(tile + j), TSimd.Load(factors + j)), tile + j);
    }

    /// <summary>Adds the weighted values to the output of up to four rows: the keys that all of them see together, what later
    /// rows see beyond them row by row.</summary>
    private void AddValues(int i, int tile, int key, int keys)
    {
        var vectors = _padded / TSimd.Count;
        var common = VisibleIn(i, key, keys);
        if (common > 0)
            TileProduct<TSimd, V>.Multiply(_tile + i * Block, Block, 1, _value, _padded, common, _output + i * _padded, _padded,
                tile, vectors, resume: true);
        if (VisibleIn(i + tile - 1, key, keys) > common) AddBeyond(i, tile, key, keys, common);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBeyond(int i, int tile, int key, int keys, int common)
    {
        for (var row = i + 1; row < i + tile; row++)
        {
            var visible = VisibleIn(row, key, keys);
            float* weights = _tile + row * Block, output = _output + row * _padded;
            for (var column = 0; column < _padded; column += TSimd.Count)
            {
                var sum = TSimd.Load(output + column);
                for (var k = common; k < visible; k++)
                    sum = TSimd.MultiplyAdd(TSimd.Create(weights[k]), TSimd.Load(_value + k * _padded + column), sum);
                TSimd.Store(sum, output + column);
            }
        }
    }
}
