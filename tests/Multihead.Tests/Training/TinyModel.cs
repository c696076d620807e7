using Multihead.Models.Configuration;

namespace Multihead.Tests.Training;

/// <summary>Models that learn in seconds, over bare token numbers: 0 is the end mark, 1 padding and start, words begin at 2.
/// </summary>
internal static class TinyModel
{
    public const int FirstWord = 2;

    public static ModelConfig Config(int vocabulary = 12, int dim = 32, int layers = 1, float dropout = 0, int maxLength = 64) =>
        ModelPresets.Get("transformer-tiny", vocabulary) with
        {
            ModelDim = dim,
            HeadCount = 2,
            FeedForwardDim = 2 * dim,
            EncoderLayerCount = layers,
            DecoderLayerCount = layers,
            NormPlacement = NormPlacement.Pre,
            Positions = new SinusoidalPositionsConfig(maxLength),
            Dropout = dropout,
        };
}
