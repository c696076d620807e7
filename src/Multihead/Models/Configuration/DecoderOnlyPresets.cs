namespace Multihead.Models.Configuration;

/// <summary>Decoder-only configurations that papers made known.</summary>
internal static class DecoderOnlyPresets
{
    /// <summary>The smallest GPT-2: d_model 768, 12 layers, 12 heads, d_ff 3072, 1,024 positions, dropout 0.1. Differs: exact GELU,
    /// where GPT-2 has the tanh approximation.</summary>
    public static DecoderOnlyConfig GptSmall(int vocabularySize) => new()
    {
        VocabularySize = vocabularySize,
        ModelDim = 768,
        LayerCount = 12,
        HeadCount = 12,
        FeedForwardDim = 3072,
        MaxLength = 1024,
        NormPlacement = NormPlacement.Pre,
        Norm = new LayerNormConfig(),
        Activation = Activation.Gelu,
        Dropout = 0.1f,
        AttentionDropout = 0.1f,
        ActivationDropout = 0,
    };
}
