using Multihead.Models.Configuration;

namespace Multihead.Models;

/// <summary>Floating-point operations of the encoder-decoder, counted from its shapes: a multiply-add is two.</summary>
internal static class EncoderDecoderFlops
{
    /// <summary>Forward and backward of one batch: a product costs two operations a weight and token forward, four backward.
    /// Attention, norms and the like are left out, so a share of peak counted with this is a lower bound.</summary>
    public static double Training(ModelConfig config, long sourceTokens, long targetTokens)
    {
        double dim = config.ModelDim, inner = config.FeedForwardDim;
        var square = dim * dim;
        var encoderLayer = 4 * square + 2 * dim * inner;
        var decoderLayer = 6 * square + 2 * dim * inner; // its own attention, and query and output of the other
        var source = config.EncoderLayerCount * encoderLayer + config.DecoderLayerCount * 2 * square; // keys and values
        var target = config.DecoderLayerCount * decoderLayer + dim * config.VocabularySize;
        return 6 * (source * sourceTokens + target * targetTokens);
    }
}
