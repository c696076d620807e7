namespace Multihead.Kernels.Attention;

/// <summary>The rows that share one key and value head of one span: row r is query r / Group with query head r % Group of
/// that group, so that positions never fall from row to row.</summary>
internal readonly unsafe struct AttentionRows
{
    /// <summary>Keys come in blocks of so many, or of multiples of that, counted from the span's start.</summary>
    public const int Block = 64;

    public const float Log2E = 1.442695041f;
    public const float Ln2 = 0.693147181f;

    private readonly AttentionSpan _span;
    private readonly int _group;
    private readonly int _keyValueHead;
    private readonly int _headCount;
    private readonly int _headDim;

    public AttentionRows(in AttentionProblem problem, int span, int keyValueHead)
    {
        _span = problem.Spans[span];
        _group = problem.Group;
        _keyValueHead = keyValueHead;
        _headCount = problem.HeadCount;
        _headDim = problem.HeadDim;
    }

    public int RowCount => _span.QueryCount * _group;
    public int KeyCount => _span.KeyCount;

    /// <summary>Position of a row's query, counted from the span's first key.</summary>
    public int Position(int row) => _span.KeyCount - _span.QueryCount + Query(row);

    public int QueryRow(int row) => _span.QueryStart + Query(row);
    public int Head(int row) => _keyValueHead * _group + row - Query(row) * _group;

    /// <summary>Offset of a row in a matrix of all query rows and heads.</summary>
    public nint QueryOffset(int row, int stride) => (nint)QueryRow(row) * stride + Head(row) * _headDim;

    /// <summary>Offset of a key of this span in a matrix of all key rows and heads.</summary>
    public nint KeyOffset(int key, int stride) => (nint)(_span.KeyStart + key) * stride + _keyValueHead * _headDim;

    /// <summary>Offset of a row in [queryRows, heads].</summary>
    public nint StatisticOffset(int row) => (nint)QueryRow(row) * _headCount + Head(row);

    // Mostly there is no group, and a division takes as long as a row of a small head.
    private int Query(int row) => _group == 1 ? row : row / _group;
}
