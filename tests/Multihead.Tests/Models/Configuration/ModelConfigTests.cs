using Multihead.Models.Configuration;

namespace Multihead.Tests.Models.Configuration;

public class ModelConfigTests
{
    [Theory]
    [InlineData("transformer-base", 512, 6, 8, 2048, 0.1f)]
    [InlineData("transformer-big", 1024, 6, 16, 4096, 0.3f)]
    [InlineData("transformer-tiny", 128, 4, 4, 256, 0.3f)]
    public void PresetsHaveThePapersNumbers(string name, int modelDim, int layers, int heads, int feedForwardDim, float dropout)
    {
        var config = ModelPresets.Get(name, 37_000);
        Assert.Equal((37_000, modelDim, layers, layers), (config.VocabularySize, config.ModelDim, config.EncoderLayerCount,
            config.DecoderLayerCount));
        Assert.Equal((heads, modelDim / heads, feedForwardDim, dropout), (config.HeadCount, config.HeadDim, config.FeedForwardDim,
            config.Dropout));
        Assert.Equal((NormPlacement.Post, Activation.Relu, true, true), (config.NormPlacement, config.Activation,
            config.TieEmbeddings, config.ScaleEmbeddings));
        Assert.Equal((0f, 0f), (config.AttentionDropout, config.ActivationDropout));
        Assert.Equal(new LayerNormConfig(1e-5f), config.Norm);
        Assert.IsType<SinusoidalPositionsConfig>(config.Positions);
        config.Validate();
    }

    [Fact]
    public void EveryNameIsAPreset() => Assert.All(ModelPresets.Names, name => ModelPresets.Get(name, 100));

    [Fact]
    public void AnUnknownPresetNamesTheNearest() =>
        Assert.Contains("no preset 'transfomer-bsae'; the nearest is 'transformer-base'",
            Assert.Throws<MultiheadException>(() => ModelPresets.Get("transfomer-bsae", 100)).Message, StringComparison.Ordinal);

    public static TheoryData<string, Func<ModelConfig, ModelConfig>> Faults => new()
    {
        { "VocabularySize is 1 ", config => config with { VocabularySize = 1 } },
        { "VocabularySize is 2147483647", config => config with { VocabularySize = int.MaxValue } },
        { "ModelDim is 0", config => config with { ModelDim = 0 } },
        { "ModelDim is 65537", config => config with { ModelDim = 65537 } },
        { "EncoderLayerCount is 0", config => config with { EncoderLayerCount = 0 } },
        { "DecoderLayerCount is -1", config => config with { DecoderLayerCount = -1 } },
        { "HeadCount is 0", config => config with { HeadCount = 0 } },
        { "HeadCount 7 does not divide ModelDim 512", config => config with { HeadCount = 7 } },
        { "FeedForwardDim is 0", config => config with { FeedForwardDim = 0 } },
        { "norm's Epsilon is 0 ", config => config with { Norm = new LayerNormConfig(0) } },
        { "norm's Epsilon is NaN", config => config with { Norm = new RmsNormConfig(float.NaN) } },
        { "Positions.MaxLength is 0", config => config with { Positions = new SinusoidalPositionsConfig(0) } },
        { "need an even number", config => config with { ModelDim = 511, HeadCount = 1 } },
        { "Dropout is 1 ", config => config with { Dropout = 1 } },
        { "AttentionDropout is -0.5 ", config => config with { AttentionDropout = -0.5f } },
        { "ActivationDropout is NaN", config => config with { ActivationDropout = float.NaN } },
        { "EndOfSentenceId is 100 ", config => config with { EndOfSentenceId = 100 } },
        { "PaddingId is -1 ", config => config with { PaddingId = -1 } },
        { "DecoderStartId is 100 ", config => config with { DecoderStartId = 100 } },
        { "are both 1;", config => config with { EndOfSentenceId = 1 } },
        {
            "above the limit of 17179869184",
            config => config with { VocabularySize = 1 << 24, ModelDim = 1 << 16, FeedForwardDim = 1 << 20 }
        },
    };

    [Theory, MemberData(nameof(Faults))]
    public void AFaultIsToldInOneSentence(string expected, Func<ModelConfig, ModelConfig> change)
    {
        var error = Assert.Throws<MultiheadException>(() => change(ModelPresets.Get("transformer-base", 100)).Validate());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
