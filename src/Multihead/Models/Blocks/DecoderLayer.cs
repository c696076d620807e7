using Multihead.Kernels.Attention;
using Multihead.Models.Attention;
using Multihead.Models.Caches;
using Multihead.Models.Configuration;
using Multihead.Models.FeedForward;
using Multihead.Tensors;

namespace Multihead.Models.Blocks;

/// <summary>Causal self-attention, attention to the source, then feed-forward, each with its residual connection. "Attention Is
/// All You Need", section 3.1.</summary>
internal sealed class DecoderLayer(ParameterStore store, EncoderDecoderNames.Layer names, ILayerConfig config)
{
    private readonly SelfAttention _self =
        new(store, names.SelfAttention, config, config.Attention(causal: true));

    private readonly ResidualConnection _selfResidual = ResidualConnection.Create(store, names.SelfAttentionNorm, null, config);

    private readonly CrossAttention _cross =
        new(store, names.CrossAttention, config.ModelDim, config.Attention(causal: false));

    private readonly ResidualConnection _crossResidual = ResidualConnection.Create(store, names.CrossAttentionNorm, null, config);
    private readonly PositionwiseFeedForward _feedForward = PositionwiseFeedForward.Create(store, names.FeedForward, config);
    private readonly ResidualConnection _feedForwardResidual = ResidualConnection.Create(store, names.FeedForwardNorm, null, config);

    /// <summary>Keys and values of the source for this layer: [sourceTokens, dim] to [sourceTokens, 2 * dim].</summary>
    public Tensor Remember(Workspace w, Tensor memory) => _cross.Remember(w, memory);

    /// <summary>Whole targets at once. stream: [targetTokens, dim]; memory: [sourceTokens, dim].</summary>
    public void Apply(Workspace w, ref ResidualStream stream, Tensor memory, ReadOnlySpan<AttentionSpan> selfSpans,
        ReadOnlySpan<AttentionSpan> crossSpans)
    {
        _selfResidual.Leave(w, ref stream, _self.Apply(w, _selfResidual.Enter(w, ref stream), new(selfSpans, default)));
        Finish(w, ref stream, Remember(w, memory), crossSpans);
    }

    /// <summary>One more token for each slot of the cache. stream: [slots, dim].</summary>
    public void Step(Workspace w, ref ResidualStream stream, DecoderCache cache, int layer)
    {
        _selfResidual.Leave(w, ref stream, _self.Extend(w, _selfResidual.Enter(w, ref stream), cache.Targets.Layers[layer],
            new(cache.Targets.Spans, default)));
        Finish(w, ref stream, cache.Sources[layer], cache.SourceSpans);
    }

    private void Finish(Workspace w, ref ResidualStream stream, Tensor remembered, ReadOnlySpan<AttentionSpan> crossSpans)
    {
        _crossResidual.Leave(w, ref stream, _cross.Apply(w, _crossResidual.Enter(w, ref stream), remembered, crossSpans));
        _feedForwardResidual.Leave(w, ref stream, _feedForward.Apply(w, _feedForwardResidual.Enter(w, ref stream)));
    }
}
