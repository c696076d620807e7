namespace Multihead.Models.Configuration;

/// <summary>Configurations that papers made known.</summary>
internal static class ModelPresets
{
    private const int MaxLength = 1024;

    /// <summary>The names that <see cref="Get"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["transformer-base", "transformer-big", "transformer-tiny"];

    /// <summary>The configuration of that name: post-norm, ReLU, sinusoidal positions up to 1,024, tied and scaled embeddings.
    /// End of sentence is token 0; padding and the decoder's start are token 1; change them by <c>with</c>.</summary>
    /// <param name="name"><list type="bullet">
    /// <item>transformer-base: d_model 512, 6+6 layers, 8 heads, d_ff 2048, dropout 0.1 (Vaswani et al. 2017, table 3,
    /// https://arxiv.org/abs/1706.03762);</item>
    /// <item>transformer-big: d_model 1024, 6+6 layers, 16 heads, d_ff 4096, dropout 0.3 (the same table);</item>
    /// <item>transformer-tiny: d_model 128, 4+4 layers, 4 heads, d_ff 256, dropout 0.3, for Multi30k (Wu et al. 2021,
    /// https://arxiv.org/abs/2105.14462).</item></list></param>
    /// <param name="vocabularySize">Tokens in the vocabulary.</param>
    /// <exception cref="MultiheadException">No such name (the nearest is told), or a vocabulary out of range.</exception>
    public static ModelConfig Get(string name, int vocabularySize)
    {
        var config = name switch
        {
            "transformer-base" => Paper(vocabularySize, modelDim: 512, layers: 6, heads: 8, feedForwardDim: 2048, dropout: 0.1f),
            "transformer-big" => Paper(vocabularySize, modelDim: 1024, layers: 6, heads: 16, feedForwardDim: 4096, dropout: 0.3f),
            "transformer-tiny" => Paper(vocabularySize, modelDim: 128, layers: 4, heads: 4, feedForwardDim: 256, dropout: 0.3f),
            _ => throw new MultiheadException($"There is no preset {Shown.Name(name)}; the nearest is "
                + $"'{NearestName.Of(name, Names)}', and all are {string.Join(", ", Names)}."),
        };
        config.Validate();
        return config;
    }

    private static ModelConfig Paper(
        int vocabularySize, int modelDim, int layers, int heads, int feedForwardDim, float dropout) =>
        new()
        {
            VocabularySize = vocabularySize,
            ModelDim = modelDim,
            EncoderLayerCount = layers,
            DecoderLayerCount = layers,
            HeadCount = heads,
            FeedForwardDim = feedForwardDim,
            NormPlacement = NormPlacement.Post,
            Norm = new LayerNormConfig(),
            Activation = Activation.Relu,
            Positions = new SinusoidalPositionsConfig(MaxLength),
            TieEmbeddings = true,
            ScaleEmbeddings = true,
            Dropout = dropout,
            AttentionDropout = 0,
            ActivationDropout = 0,
            EndOfSentenceId = 0,
            PaddingId = 1,
            DecoderStartId = 1,
        };
}
