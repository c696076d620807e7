using Multihead.Models.Attention;
using Multihead.Models.Caches;
using Multihead.Models.Configuration;
using Multihead.Models.FeedForward;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Blocks;

/// <summary>Self-attention, then feed-forward, each with its residual connection. "Attention Is All You Need", section 3.1.
/// With causal attention it is the layer of decoder-only models.</summary>
internal sealed class SelfAttentionLayer(ParameterStore store, LayerNames names, ILayerConfig config, AttentionShape attention)
{
    private readonly SelfAttention _attention = new(store, names.Attention, config, attention);

    private readonly ResidualConnection _attentionResidual =
        ResidualConnection.Create(store, names.AttentionNorm, names.AddedAttentionNorm, config);

    private readonly PositionwiseFeedForward _feedForward = PositionwiseFeedForward.Create(store, names.FeedForward, config);

    private readonly ResidualConnection _feedForwardResidual =
        ResidualConnection.Create(store, names.FeedForwardNorm, names.AddedFeedForwardNorm, config);

    /// <summary>Whole sequences. stream: [tokens, dim].</summary>
    public void Apply(Workspace w, ref ResidualStream stream, in TokenPlaces places)
    {
        _attentionResidual.Leave(w, ref stream, _attention.Apply(w, _attentionResidual.Enter(w, ref stream), places));
        Finish(w, ref stream);
    }

    /// <summary>More tokens for the slots of the cache. stream: [tokens, dim] of the new ones.</summary>
    public void Extend(Workspace w, ref ResidualStream stream, KeyValueCache cache, in TokenPlaces places)
    {
        _attentionResidual.Leave(w, ref stream, _attention.Extend(w, _attentionResidual.Enter(w, ref stream), cache, places));
        Finish(w, ref stream);
    }

    private void Finish(Workspace w, ref ResidualStream stream) =>
        _feedForwardResidual.Leave(w, ref stream, _feedForward.Apply(w, _feedForwardResidual.Enter(w, ref stream)));
}
