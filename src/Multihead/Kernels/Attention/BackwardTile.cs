using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>One block of rows against one block of keys in the backward pass, and the gradients that gather there. With P the
/// probabilities, M the dropout factors, dO the gradient of the output O and D = rowsum(dO * O):
/// dV = (P M)^T dO, dS = Scale * P (M (dO V^T) - D), dQ = dS K, dK = dS^T Q
/// (FlashAttention, https://arxiv.org/abs/2205.14135, appendix B).</summary>
internal unsafe struct BackwardTile<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    private const int Block = AttentionRows.Block;
    private const int TileRows = TileProduct<TSimd, V>.TileRows;

    private readonly AttentionProblem _problem;
    private readonly AttentionGradients _gradients;
    private readonly AttentionRows _rows;
    private readonly int _padded; // the head's width as a multiple of the vector's
    private readonly int _vectors; // in that
    private readonly float* _query; // [Block, padded]
    private readonly float* _gradient; // [Block, padded], dO
    private readonly float* _key; // [Block, padded]
    private readonly float* _keyTransposed; // [headDim, Block]
    private readonly float* _valueTransposed; // [headDim, Block]
    private readonly float* _weights; // [Block, Block]: logits, then P M
    private readonly float* _logitGradient; // [Block, Block]: dO V^T, then dS
    private readonly float* _queryGradient; // [Block, padded]
    private readonly float* _keyGradient; // [Block, padded]
    private readonly float* _valueGradient; // [Block, padded]
    private readonly float* _delta; // [Block], D
    private readonly float* _logSumExp; // [Block]
    private readonly AttentionDropout<TSimd, V> _dropout;
    private int _row, _rowCount; // the block of rows at work
    private int _firstKey, _keyCount; // the block of keys at work

    public BackwardTile(in AttentionProblem problem, in AttentionGradients gradients, in AttentionRows rows)
    {
        _problem = problem;
        _gradients = gradients;
        _rows = rows;
        _padded = (problem.HeadDim + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        _vectors = _padded / TSimd.Count;
        var scratch = AttentionScratch.Begin(Block * (8 * _padded + 2 * Block + 2) + AttentionDropout<TSimd, V>.Scratch);
        _query = scratch.Take(Block * _padded);
        _gradient = scratch.Take(Block * _padded);
        _key = scratch.Take(Block * _padded);
        _keyTransposed = scratch.Take(Block * _padded);
        _valueTransposed = scratch.Take(Block * _padded);
        _weights = scratch.Take(Block * Block);
        _logitGradient = scratch.Take(Block * Block);
        _queryGradient = scratch.Take(Block * _padded);
        _keyGradient = scratch.Take(Block * _padded);
        _valueGradient = scratch.Take(Block * _padded);
        _delta = scratch.Take(Block);
        _logSumExp = scratch.Take(Block);
        _dropout = new AttentionDropout<TSimd, V>(problem, scratch.Take(AttentionDropout<TSimd, V>.Scratch));
    }

    public void LoadRows(int row)
    {
        _row = row;
        _rowCount = Math.Min(Block, _rows.RowCount - row);
        for (var i = 0; i < _rowCount; i++)
        {
            if (i + TilePack<TSimd, V>.Ahead < _rowCount) PrefetchRow(row + i + TilePack<TSimd, V>.Ahead);
            TilePack<TSimd, V>.Row(Query(row + i), _problem.HeadDim, _query + i * _padded, _padded);
            TilePack<TSimd, V>.Row(OutputGradient(row + i), _problem.HeadDim, _gradient + i * _padded, _padded);
            _delta[i] = Delta(Output(row + i), _gradient + i * _padded);
            _logSumExp[i] = _problem.LogSumExp[_rows.StatisticOffset(row + i)];
        }
    }

    /// <summary>Takes the block of keys that begins at <paramref name="key"/>.</summary>
    public void LoadKeys(int key)
    {
        _firstKey = key;
        _keyCount = Math.Min(Block, _rows.KeyCount - key);
        var keys = _problem.Key + _rows.KeyOffset(key, _problem.KeyStride);
        var values = _problem.Value + _rows.KeyOffset(key, _problem.ValueStride);
        TilePack<TSimd, V>.Transposed(keys, _problem.KeyStride, _keyCount, _problem.HeadDim, _keyTransposed);
        TilePack<TSimd, V>.Transposed(values, _problem.ValueStride, _keyCount, _problem.HeadDim, _valueTransposed);
        TilePack<TSimd, V>.Rows(keys, _problem.KeyStride, _keyCount, _problem.HeadDim, _key, _padded);
    }

    /// <summary>Begins the gradients of the block of keys.</summary>
    public readonly void LoadKeyGradients()
    {
        for (var j = 0; j < _keyCount; j++)
        {
            Begin(_gradients.Key + _rows.KeyOffset(_firstKey + j, _gradients.KeyStride), _keyGradient + j * _padded);
            Begin(_gradients.Value + _rows.KeyOffset(_firstKey + j, _gradients.ValueStride), _valueGradient + j * _padded);
        }
    }

    /// <summary>Begins the rows' gradient, or goes on from what earlier blocks of keys have left of it.</summary>
    public void LoadQueryGradient(bool begin)
    {
        for (var i = 0; i < _rowCount; i++)
        {
            var stored = _gradients.Query + _rows.QueryOffset(_row + i, _gradients.QueryStride);
            if (begin) Begin(stored, _queryGradient + i * _padded);
            else TilePack<TSimd, V>.Row(stored, _problem.HeadDim, _queryGradient + i * _padded, _padded);
        }
    }

    public void StoreQueryGradient()
    {
        for (var i = 0; i < _rowCount; i++)
            TilePack<TSimd, V>.RowOut(_queryGradient + i * _padded,
                _gradients.Query + _rows.QueryOffset(_row + i, _gradients.QueryStride), _problem.HeadDim, 1);
    }

    public void StoreKeyGradients()
    {
        for (var j = 0; j < _keyCount; j++)
        {
            TilePack<TSimd, V>.RowOut(_keyGradient + j * _padded,
                _gradients.Key + _rows.KeyOffset(_firstKey + j, _gradients.KeyStride), _problem.HeadDim, 1);
            TilePack<TSimd, V>.RowOut(_valueGradient + j * _padded,
                _gradients.Value + _rows.KeyOffset(_firstKey + j, _gradients.ValueStride), _problem.HeadDim, 1);
        }
    }

    /// <summary>Writes the query gradient of a span without keys.</summary>
    public readonly void ClearQueryGradient()
    {
        if (_gradients.Accumulate) return;
        for (var row = 0; row < _rows.RowCount; row++)
            new Span<float>(_gradients.Query + _rows.QueryOffset(row, _gradients.QueryStride), _problem.HeadDim).Clear();
    }

    /// <summary>Makes P M and dS of the loaded rows and keys; both are zero where a row does not see a key.</summary>
    public readonly void Recompute()
    {
        for (var i = 0; i < _rowCount; i += TileRows)
        {
            var tile = Math.Min(TileRows, _rowCount - i);
            var vectors = (Visible(i + tile - 1) + TSimd.Count - 1) / TSimd.Count;
            TileProduct<TSimd, V>.Multiply(_query + i * _padded, _padded, 1, _keyTransposed, Block, _problem.HeadDim,
                _weights + i * Block, Block, tile, vectors, resume: false);
            TileProduct<TSimd, V>.Multiply(_gradient + i * _padded, _padded, 1, _valueTransposed, Block, _problem.HeadDim,
                _logitGradient + i * Block, Block, tile, vectors, resume: false);
        }
        for (var i = 0; i < _rowCount; i++) RecomputeRow(i, Visible(i));
    }

    /// <summary>dQ += dS K, in ascending keys.</summary>
    public readonly void AddToQuery()
    {
        for (var i = 0; i < _rowCount; i += TileRows)
        {
            var tile = Math.Min(TileRows, _rowCount - i);
            TileProduct<TSimd, V>.Multiply(_logitGradient + i * Block, Block, 1, _key, _padded, Visible(i + tile - 1),
                _queryGradient + i * _padded, _padded, tile, _vectors, resume: true);
        }
    }

    /// <summary>dV += (P M)^T dO and dK += dS^T Q, in ascending rows, from the first row that sees the key.</summary>
    public readonly void AddToKeys()
    {
        for (var j = 0; j < _keyCount; j += TileRows)
        {
            var tile = Math.Min(TileRows, _keyCount - j);
            var start = Math.Max(0, _rows.FirstSeeing(_firstKey + j) - _row);
            var depth = _rowCount - start;
            if (depth <= 0) return; // later keys are seen by fewer rows still
            var from = start * Block + j;
            TileProduct<TSimd, V>.Multiply(_weights + from, 1, Block, _gradient + start * _padded, _padded, depth,
                _valueGradient + j * _padded, _padded, tile, _vectors, resume: true);
            TileProduct<TSimd, V>.Multiply(_logitGradient + from, 1, Block, _query + start * _padded, _padded, depth,
                _keyGradient + j * _padded, _padded, tile, _vectors, resume: true);
        }
    }

    private readonly float* Query(int row) => _problem.Query + _rows.QueryOffset(row, _problem.QueryStride);
    private readonly float* Output(int row) => _problem.Output + _rows.QueryOffset(row, _problem.OutputStride);
    private readonly float* OutputGradient(int row) => _gradients.Output + _rows.QueryOffset(row, _gradients.OutputStride);

    private readonly void PrefetchRow(int row)
    {
        TilePack<TSimd, V>.Prefetch(Query(row), _problem.HeadDim);
        TilePack<TSimd, V>.Prefetch(OutputGradient(row), _problem.HeadDim);
        TilePack<TSimd, V>.Prefetch(Output(row), _problem.HeadDim);
    }

    private readonly int Visible(int i) => Math.Clamp(_rows.Visible(_row + i) - _firstKey, 0, _keyCount);

    private readonly void Begin(float* stored, float* gradient)
    {
        if (_gradients.Accumulate) TilePack<TSimd, V>.Row(stored, _problem.HeadDim, gradient, _padded);
        else new Span<float>(gradient, _padded).Clear();
    }

    /// <summary>The sum of a row's output times its gradient.</summary>
    private readonly float Delta(float* output, float* gradient)
    {
        var sum = TSimd.Zero;
        var i = 0;
        for (; i + TSimd.Count <= _problem.HeadDim; i += TSimd.Count)
            sum = TSimd.MultiplyAdd(TSimd.Load(output + i), TSimd.Load(gradient + i), sum);
        if (i < _problem.HeadDim)
            sum = TSimd.MultiplyAdd(TSimd.LoadPart(output + i, _problem.HeadDim - i), TSimd.Load(gradient + i), sum);
        return TSimd.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void RecomputeRow(int i, int visible)
    {
        float* weights = _weights + i * Block, gradient = _logitGradient + i * Block;
        var factors = _dropout.IsOn && visible > 0 ? _dropout.Factors(_rows.StatisticOffset(_row + i), _firstKey) : null;
        V scale = TSimd.Create(_problem.Scale), logSumExp = TSimd.Create(_logSumExp[i]), delta = TSimd.Create(_delta[i]);
        for (var j = 0; j < visible; j += TSimd.Count)
        {
            var logits = TSimd.Multiply(TSimd.Load(weights + j), scale);
            var p = VectorMath.Exp<TSimd, V>(TSimd.Subtract(logits, logSumExp));
            var toWeights = TSimd.Load(gradient + j);
            var kept = p;
            if (factors != null)
            {
                var factor = TSimd.Load(factors + j);
                kept = TSimd.Multiply(p, factor);
                toWeights = TSimd.Multiply(toWeights, factor);
            }
            TSimd.Store(kept, weights + j);
            TSimd.Store(TSimd.Multiply(TSimd.Multiply(p, TSimd.Subtract(toWeights, delta)), scale), gradient + j);
        }
        var beyond = (_keyCount + TileRows - 1) / TileRows * TileRows - visible;
        if (beyond <= 0) return;
        new Span<float>(weights + visible, beyond).Clear();
        new Span<float>(gradient + visible, beyond).Clear();
    }
}
