using Multihead.Kernels.Attention;
using Multihead.Tensors;

namespace Multihead.Models.Caches;

/// <summary>All that the decoder of an encoder-decoder keeps while it writes: keys and values of what was written, and those of the
/// sources, which the slots of one source share. A slot is one sequence being written.</summary>
internal sealed unsafe class DecoderCache : IDisposable
{
    private readonly Arena _arena = new();
    private readonly AttentionSpan[] _sources; // key rows of each source
    private readonly int[] _sourceOfSlot;
    private readonly int[] _scratch;
    private readonly AttentionSpan[] _sourceSpans;

    /// <summary>One slot for each source to begin with.</summary>
    /// <param name="layerCount">Layers of the decoder.</param>
    /// <param name="dim">Columns of a key, and of a value.</param>
    /// <param name="sourceLengths">Tokens of each source.</param>
    /// <param name="slotsPerSource">How many slots a source may have later.</param>
    /// <param name="capacity">Tokens that a slot can hold.</param>
    public DecoderCache(int layerCount, int dim, ReadOnlySpan<int> sourceLengths, int slotsPerSource, int capacity)
    {
        var most = sourceLengths.Length * slotsPerSource;
        Targets = new TokenCache(layerCount, dim, sourceLengths.Length, most, capacity);
        (_sourceOfSlot, _scratch, _sourceSpans) = (new int[most], new int[most], new AttentionSpan[most]);
        for (var i = 0; i < sourceLengths.Length; i++) _sourceOfSlot[i] = i;
        _sources = new AttentionSpan[sourceLengths.Length];
        var row = 0;
        for (var i = 0; i < _sources.Length; row += sourceLengths[i++])
            _sources[i] = new AttentionSpan(0, 0, row, sourceLengths[i]);
        Sources = new Tensor[layerCount];
    }

    /// <summary>What was written.</summary>
    public TokenCache Targets { get; }

    /// <summary>Slots in use.</summary>
    public int SlotCount => Targets.SlotCount;

    /// <summary>Keys and values of the sources, a layer each: [sourceTokens, 2 * dim].</summary>
    public Tensor[] Sources { get; }

    public ReadOnlySpan<AttentionSpan> SourceSpans => _sourceSpans.AsSpan(0, SlotCount);

    /// <summary>Keeps a layer's keys and values of the sources.</summary>
    public void Remember(int layer, Tensor projected)
    {
        Sources[layer] = new Tensor(_arena.Take<float>(projected.Count), projected.Rows, projected.Columns, null);
        projected.Span.CopyTo(Sources[layer].Span);
    }

    /// <summary>Makes room for one more token in every slot.</summary>
    public void Advance()
    {
        Targets.Advance();
        for (var slot = 0; slot < SlotCount; slot++)
            _sourceSpans[slot] = _sources[_sourceOfSlot[slot]] with { QueryStart = slot, QueryCount = 1 };
    }

    /// <summary>Slot i becomes a copy of what slot parents[i] was, and slots beyond are dropped.</summary>
    public void Reorder(ReadOnlySpan<int> parents)
    {
        Targets.Reorder(parents);
        for (var i = 0; i < parents.Length; i++) _scratch[i] = _sourceOfSlot[parents[i]];
        _scratch.AsSpan(0, parents.Length).CopyTo(_sourceOfSlot);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Targets.Dispose();
        _arena.Dispose();
    }
}
