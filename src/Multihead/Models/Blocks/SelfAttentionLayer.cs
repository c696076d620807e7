using Multihead.Kernels.Attention;
using Multihead.Models.Attention;
using Multihead.Models.Configuration;
using Multihead.Models.FeedForward;
using Multihead.Tensors;

namespace Multihead.Models.Blocks;

/// <summary>Self-attention, then feed-forward, each with its residual connection. "Attention Is All You Need", section 3.1.
/// With causal attention it is the layer of decoder-only models.</summary>
internal sealed class SelfAttentionLayer(ParameterStore store, LayerNames names, ILayerConfig config, bool causal)
{
    private readonly SelfAttention _attention =
        new(store, names.Attention, config.ModelDim, config.Attention(causal));

    private readonly ResidualConnection _attentionResidual = ResidualConnection.Create(store, names.AttentionNorm, config);
    private readonly PositionwiseFeedForward _feedForward = PositionwiseFeedForward.Create(store, names.FeedForward, config);
    private readonly ResidualConnection _feedForwardResidual = ResidualConnection.Create(store, names.FeedForwardNorm, config);

    /// <param name="w">Where to compute.</param>
    /// <param name="stream">[tokens, dim].</param>
    /// <param name="spans">The sequences.</param>
    public void Apply(Workspace w, ref ResidualStream stream, ReadOnlySpan<AttentionSpan> spans)
    {
        _attentionResidual.Leave(w, ref stream, _attention.Apply(w, _attentionResidual.Enter(w, ref stream), spans));
        _feedForwardResidual.Leave(w, ref stream, _feedForward.Apply(w, _feedForwardResidual.Enter(w, ref stream)));
    }
}
