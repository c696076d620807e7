using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Caches;

/// <summary>The keys and values of one self-attention layer: slot s holds its rows at s * capacity, keys in the first columns, values
/// in the next.</summary>
internal sealed unsafe class KeyValueCache
{
    private readonly TokenCache _owner;
    private readonly int _columns; // of a key, and of a value
    private Tensor _rows;  // [slots * capacity, 2 * columns]
    private Tensor _spare; // the same, for reordering; made when it is needed

    private readonly Arena _arena;

    public KeyValueCache(TokenCache owner, Arena arena, int mostSlots, int columns)
    {
        (_owner, _arena, _columns) = (owner, arena, columns);
        _rows = Allocate(checked(mostSlots * owner.Capacity));
    }

    /// <summary>[slots * capacity, columns].</summary>
    public ColumnRange Keys => new(_rows, 0);

    /// <inheritdoc cref="Keys"/>
    public ColumnRange Values => new(_rows, _columns);

    /// <summary>Stores the keys and values of the newest tokens: a row each.</summary>
    public void Append(ColumnRange keys, ColumnRange values)
    {
        var rows = _owner.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            var to = _rows.Row(rows[i]);
            keys.Tensor.Row(i).Slice(keys.First, _columns).CopyTo(to);
            values.Tensor.Row(i).Slice(values.First, _columns).CopyTo(to[_columns..]);
        }
    }

    /// <summary>Slot i becomes a copy of what slot parents[i] was, its first rows as many as it has tokens.</summary>
    public void Reorder(ReadOnlySpan<int> parents, ReadOnlySpan<int> lengths)
    {
        if (_spare.Data == null) _spare = Allocate(_rows.Rows);
        var stride = (long)_owner.Capacity * _rows.Columns;
        for (var slot = 0; slot < parents.Length; slot++)
        {
            var count = lengths[parents[slot]] * _rows.Columns;
            new ReadOnlySpan<float>(_rows.Data + parents[slot] * stride, count)
                .CopyTo(new Span<float>(_spare.Data + slot * stride, count));
        }
        (_rows, _spare) = (_spare, _rows);
    }

    private Tensor Allocate(int rows) => new(_arena.Take<float>((long)rows * 2 * _columns), rows, 2 * _columns, null);
}
