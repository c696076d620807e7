using Multihead.Models.Configuration;

namespace Multihead.Models;

/// <summary>Floating-point operations of the decoder-only model, counted from its shapes: a multiply-add is two.</summary>
internal static class DecoderOnlyFlops
{
    /// <summary>Forward and backward of one batch: a product costs two operations a weight and token forward, four backward; each
    /// key that a token may see costs 4 h d_k in a layer forward (its logit and its share of the sum), twice that backward.
    /// Norms and the like are left out, and what the backward pass computes again, so a share of peak counted with this is a
    /// lower bound.</summary>
    /// <param name="config">The model.</param>
    /// <param name="lengths">Tokens of each sequence.</param>
    public static double Training(DecoderOnlyConfig config, ReadOnlySpan<int> lengths)
    {
        double dim = config.ModelDim, heads = (double)config.HeadCount * config.HeadDim, tokens = 0, visible = 0;
        foreach (var length in lengths)
        {
            tokens += length;
            visible += length * (length + 1.0) / 2;
        }
        var attention = 2 * dim * (heads + (double)config.KeyValueHeadCount * config.HeadDim);
        var layer = attention + (config.GatedFeedForward ? 3 : 2) * dim * config.FeedForwardDim;
        return 6 * (config.LayerCount * layer + dim * config.VocabularySize) * tokens + 12 * config.LayerCount * heads * visible;
    }
}
