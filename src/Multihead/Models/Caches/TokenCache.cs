using Multihead.Kernels.Attention;
using Multihead.Tensors;

namespace Multihead.Models.Caches;

/// <summary>The tokens that a model has read or written so far: for each layer their keys and values. A slot is one sequence;
/// slots grow side by side, by any number of tokens.</summary>
internal sealed class TokenCache : IDisposable
{
    private readonly Arena _arena = new();
    private readonly int[] _lengths;
    private readonly int[] _scratch;
    private readonly AttentionSpan[] _spans;
    private int[] _positions = [];
    private int[] _rows = [];
    private int _slotCount;
    private int _newTokens;

    /// <param name="layerCount">Layers of the model.</param>
    /// <param name="keyColumns">Columns of a key, and of a value.</param>
    /// <param name="slotCount">Slots to begin with.</param>
    /// <param name="mostSlots">Slots that there may be later.</param>
    /// <param name="capacity">Tokens that a slot can hold.</param>
    public TokenCache(int layerCount, int keyColumns, int slotCount, int mostSlots, int capacity)
    {
        (_slotCount, Capacity) = (slotCount, capacity);
        (_lengths, _scratch, _spans) = (new int[mostSlots], new int[mostSlots], new AttentionSpan[mostSlots]);
        Layers = new KeyValueCache[layerCount];
        for (var i = 0; i < layerCount; i++) Layers[i] = new KeyValueCache(this, _arena, mostSlots, keyColumns);
    }

    /// <summary>Tokens that a slot can hold.</summary>
    public int Capacity { get; }

    /// <summary>Slots in use.</summary>
    public int SlotCount => _slotCount;

    /// <summary>Keys and values, a layer each.</summary>
    public KeyValueCache[] Layers { get; }

    /// <summary>The position of each of the newest tokens, slot after slot.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, _newTokens);

    /// <summary>The row of <see cref="KeyValueCache"/> that each of the newest tokens has.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _newTokens);

    /// <summary>Slot by slot: its newest tokens see its rows.</summary>
    public ReadOnlySpan<AttentionSpan> Spans => _spans.AsSpan(0, _slotCount);

    /// <summary>Makes room for one more token in every slot.</summary>
    public void Advance()
    {
        BeginTokens(_slotCount);
        for (var slot = 0; slot < _slotCount; slot++) Add(slot, 1);
    }

    /// <summary>Makes room for more tokens, so many for each slot, 0 or more.</summary>
    public void Advance(ReadOnlySpan<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, _slotCount);
        var sum = 0;
        foreach (var count in counts) sum += count;
        BeginTokens(sum);
        for (var slot = 0; slot < _slotCount; slot++) Add(slot, counts[slot]);
    }

    /// <summary>Slot i becomes a copy of what slot parents[i] was, and slots beyond are dropped.</summary>
    public void Reorder(ReadOnlySpan<int> parents)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parents.Length, _lengths.Length);
        if (!IsIdentity(parents))
            foreach (var layer in Layers) layer.Reorder(parents, _lengths);
        for (var i = 0; i < parents.Length; i++) _scratch[i] = _lengths[parents[i]];
        _scratch.AsSpan(0, parents.Length).CopyTo(_lengths);
        _slotCount = parents.Length;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _arena.Dispose();

    private void BeginTokens(int count)
    {
        if (_positions.Length < count) (_positions, _rows) = (new int[count], new int[count]);
        _newTokens = 0;
    }

    private void Add(int slot, int count)
    {
        if (count > Capacity - _lengths[slot]) throw new InvalidOperationException("the cache is full");
        _spans[slot] = new AttentionSpan(_newTokens, count, slot * Capacity, _lengths[slot] + count);
        for (var i = 0; i < count; i++)
        {
            _rows[_newTokens] = slot * Capacity + _lengths[slot];
            _positions[_newTokens++] = _lengths[slot]++;
        }
    }

    private static bool IsIdentity(ReadOnlySpan<int> parents)
    {
        for (var i = 0; i < parents.Length; i++)
            if (parents[i] != i) return false;
        return true;
    }
}
