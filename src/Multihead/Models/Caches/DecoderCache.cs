using Multihead.Kernels.Attention;
using Multihead.Tensors;

namespace Multihead.Models.Caches;

/// <summary>All that the decoder keeps while it writes: for each layer the keys and values of what was written, and those of the
/// sources, which the slots of one source share. A slot is one sequence being written.</summary>
internal sealed unsafe class DecoderCache : IDisposable
{
    private readonly Arena _arena = new();
    private readonly AttentionSpan[] _sources; // key rows of each source
    private readonly int[] _sourceOfSlot;
    private readonly int[] _lengths;
    private readonly int[] _positions;
    private readonly int[] _scratch;
    private readonly AttentionSpan[] _sourceSpans;
    private readonly AttentionSpan[] _targetSpans;
    private int _slotCount;

    /// <summary>One slot for each source to begin with.</summary>
    /// <param name="layerCount">Layers of the decoder.</param>
    /// <param name="dim">Columns of a key, and of a value.</param>
    /// <param name="sourceLengths">Tokens of each source.</param>
    /// <param name="slotsPerSource">How many slots a source may have later.</param>
    /// <param name="capacity">Tokens that a slot can hold.</param>
    public DecoderCache(int layerCount, int dim, ReadOnlySpan<int> sourceLengths, int slotsPerSource, int capacity)
    {
        Capacity = capacity;
        _slotCount = sourceLengths.Length;
        var most = _slotCount * slotsPerSource;
        (_sourceOfSlot, _lengths, _positions, _scratch) = (new int[most], new int[most], new int[most], new int[most]);
        for (var i = 0; i < _slotCount; i++) _sourceOfSlot[i] = i;
        (_sourceSpans, _targetSpans) = (new AttentionSpan[most], new AttentionSpan[most]);
        _sources = new AttentionSpan[_slotCount];
        var row = 0;
        for (var i = 0; i < _sources.Length; row += sourceLengths[i++])
            _sources[i] = new AttentionSpan(0, 0, row, sourceLengths[i]);
        Sources = new Tensor[layerCount];
        Targets = new KeyValueCache[layerCount];
        for (var i = 0; i < layerCount; i++) Targets[i] = new KeyValueCache(this, _arena, most, dim);
    }

    /// <summary>Tokens that a slot can hold.</summary>
    public int Capacity { get; }

    /// <summary>Slots in use.</summary>
    public int SlotCount => _slotCount;

    /// <summary>Keys and values of the sources, a layer each: [sourceTokens, 2 * dim].</summary>
    public Tensor[] Sources { get; }

    /// <summary>Keys and values of what was written, a layer each.</summary>
    public KeyValueCache[] Targets { get; }

    /// <summary>The position of each slot's newest token.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, _slotCount);

    public ReadOnlySpan<AttentionSpan> SourceSpans => _sourceSpans.AsSpan(0, _slotCount);

    public ReadOnlySpan<AttentionSpan> TargetSpans => _targetSpans.AsSpan(0, _slotCount);

    /// <summary>Keeps a layer's keys and values of the sources.</summary>
    public void Remember(int layer, Tensor projected)
    {
        Sources[layer] = new Tensor(_arena.Take<float>(projected.Count), projected.Rows, projected.Columns, null);
        projected.Span.CopyTo(Sources[layer].Span);
    }

    /// <summary>Makes room for one more token in every slot.</summary>
    public void Advance()
    {
        for (var slot = 0; slot < _slotCount; slot++)
        {
            if (_lengths[slot] == Capacity) throw new InvalidOperationException("the cache is full");
            _positions[slot] = _lengths[slot]++;
            var source = _sources[_sourceOfSlot[slot]];
            _sourceSpans[slot] = source with { QueryStart = slot, QueryCount = 1 };
            _targetSpans[slot] = new AttentionSpan(slot, 1, slot * Capacity, _lengths[slot]);
        }
    }

    /// <summary>Slot i becomes a copy of what slot parents[i] was, and slots beyond are dropped.</summary>
    public void Reorder(ReadOnlySpan<int> parents)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parents.Length, _lengths.Length);
        if (!IsIdentity(parents))
            foreach (var layer in Targets) layer.Reorder(parents, _lengths);
        Permute(_lengths, parents);
        Permute(_sourceOfSlot, parents);
        _slotCount = parents.Length;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _arena.Dispose();

    private void Permute(int[] values, ReadOnlySpan<int> parents)
    {
        for (var i = 0; i < parents.Length; i++) _scratch[i] = values[parents[i]];
        _scratch.AsSpan(0, parents.Length).CopyTo(values);
    }

    private static bool IsIdentity(ReadOnlySpan<int> parents)
    {
        for (var i = 0; i < parents.Length; i++)
            if (parents[i] != i) return false;
        return true;
    }
}
