using Multihead.Kernels.Attention;
using Multihead.Models.Attention;
using Multihead.Models.Configuration;
using Multihead.Models.FeedForward;
using Multihead.Tensors;

namespace Multihead.Models.Blocks;

/// <summary>Self-attention, then feed-forward, each with its residual connection. "Attention Is All You Need", section 3.1.
/// With causal attention it is the layer of decoder-only models.</summary>
internal sealed class EncoderLayer(ParameterStore store, LayerNames names, ILayerConfig config, bool causal)
{
    private readonly SelfAttention _attention =
        new(store, names.Attention, config.ModelDim, config.Attention(causal));

    private readonly ResidualConnection _attentionResidual = ResidualConnection.Create(store, names.AttentionNorm, config);
    private readonly PositionwiseFeedForward _feedForward = PositionwiseFeedForward.Create(store, names.FeedForward, config);
    private readonly ResidualConnection _feedForwardResidual = ResidualConnection.Create(store, names.FeedForwardNorm, config);

    /// <param name="w">Where to compute.</param>
    /// <param name="x">[tokens, dim].</param>
    /// <param name="spans">The sequences.</param>
    public Tensor Apply(Workspace w, Tensor x, ReadOnlySpan<AttentionSpan> spans)
    {
        x = _attentionResidual.Leave(w, x, _attention.Apply(w, _attentionResidual.Enter(w, x), spans));
        return _feedForwardResidual.Leave(w, x, _feedForward.Apply(w, _feedForwardResidual.Enter(w, x)));
    }
}
