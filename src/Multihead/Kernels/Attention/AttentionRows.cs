namespace Multihead.Kernels.Attention;

/// <summary>The rows that share one key and value head of one span: row r is query r / Group with query head r % Group of
/// that group, so that later rows never see fewer keys than earlier ones.</summary>
internal readonly unsafe struct AttentionRows
{
    /// <summary>Keys, and rows in the backward pass, are visited in blocks of so many, at multiples of it from the span's
    /// start. A row's bits depend on the key block (its maximum is renewed once a block), not on the row block.</summary>
    public const int Block = 64;

    private readonly AttentionSpan _span;
    private readonly int _group;
    private readonly int _keyValueHead;
    private readonly int _headCount;
    private readonly int _headDim;
    private readonly bool _causal;

    public AttentionRows(in AttentionProblem problem, int span, int keyValueHead)
    {
        _span = problem.Spans[span];
        _group = problem.Group;
        _keyValueHead = keyValueHead;
        _headCount = problem.HeadCount;
        _headDim = problem.HeadDim;
        _causal = problem.Causal;
    }

    public int RowCount => _span.QueryCount * _group;
    public int KeyCount => _span.KeyCount;

    /// <summary>How many keys row <paramref name="row"/> sees: the first so many.</summary>
    public int Visible(int row) =>
        _causal ? Math.Clamp(_span.KeyCount - _span.QueryCount + row / _group + 1, 0, _span.KeyCount) : _span.KeyCount;

    /// <summary>The first row that sees key <paramref name="key"/>; not less than <see cref="RowCount"/> if none
    /// does.</summary>
    public int FirstSeeing(int key) => _causal ? Math.Max(0, key - _span.KeyCount + _span.QueryCount) * _group : 0;

    public int QueryRow(int row) => _span.QueryStart + row / _group;
    public int Head(int row) => _keyValueHead * _group + row % _group;

    /// <summary>Offset of a row in a matrix of all query rows and heads.</summary>
    public nint QueryOffset(int row, int stride) => (nint)QueryRow(row) * stride + Head(row) * _headDim;

    /// <summary>Offset of a key of this span in a matrix of all key rows and heads.</summary>
    public nint KeyOffset(int key, int stride) => (nint)(_span.KeyStart + key) * stride + _keyValueHead * _headDim;

    /// <summary>Offset of a row in [queryRows, heads].</summary>
    public nint StatisticOffset(int row) => (nint)QueryRow(row) * _headCount + Head(row);
}
