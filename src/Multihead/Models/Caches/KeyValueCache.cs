using Multihead.Kernels.Attention;
using Multihead.Tensors;

namespace Multihead.Models.Caches;

/// <summary>The keys and values of one self-attention layer while it writes: slot s holds its rows at s * capacity, keys in the
/// first dim columns, values in the next dim.</summary>
internal sealed unsafe class KeyValueCache
{
    private readonly DecoderCache _owner;
    private readonly int _dim;
    private Tensor _rows;  // [slots * capacity, 2 * dim]
    private Tensor _spare; // the same, for reordering

    public KeyValueCache(DecoderCache owner, Arena arena, int slotCount, int dim)
    {
        (_owner, _dim) = (owner, dim);
        _rows = Allocate();
        _spare = Allocate();

        Tensor Allocate()
        {
            var rows = checked(slotCount * owner.Capacity);
            return new Tensor(arena.Take<float>((long)rows * 2 * dim), rows, 2 * dim, null);
        }
    }

    /// <summary>[slots * capacity, 2 * dim].</summary>
    public Tensor Rows => _rows;

    /// <summary>Slot by slot: its newest token sees all its rows.</summary>
    public ReadOnlySpan<AttentionSpan> Spans => _owner.TargetSpans;

    /// <summary>Stores the newest key and value of each slot. projected: [slots, columns], keys and values at the columns given.
    /// </summary>
    public void Append(Tensor projected, int keyColumn, int valueColumn)
    {
        for (var slot = 0; slot < projected.Rows; slot++)
        {
            var from = projected.Row(slot);
            var to = _rows.Row(slot * _owner.Capacity + _owner.Positions[slot]);
            from.Slice(keyColumn, _dim).CopyTo(to);
            from.Slice(valueColumn, _dim).CopyTo(to[_dim..]);
        }
    }

    /// <summary>Slot i becomes a copy of what slot parents[i] was, its first rows as many as it has tokens.</summary>
    public void Reorder(ReadOnlySpan<int> parents, ReadOnlySpan<int> lengths)
    {
        var stride = (long)_owner.Capacity * 2 * _dim;
        for (var slot = 0; slot < parents.Length; slot++)
        {
            var count = lengths[parents[slot]] * 2 * _dim;
            new ReadOnlySpan<float>(_rows.Data + parents[slot] * stride, count)
                .CopyTo(new Span<float>(_spare.Data + slot * stride, count));
        }
        (_rows, _spare) = (_spare, _rows);
    }
}
