using Multihead.Models.Configuration;
using Multihead.Training.Recipes;

namespace Multihead.Tests.Training.Recipes;

public class ModelRecipeTests
{
    [Theory]
    [InlineData("transformer-base")]
    [InlineData("transformer-tiny")]
    public void WithNothingElseItIsThePreset(string preset) =>
        Assert.Equal(ModelPresets.Get(preset, 500), new ModelRecipe { Preset = preset }.ToConfig(500));

    [Fact]
    public void EveryValueThatIsGivenReplacesThePresets()
    {
        var config = new ModelRecipe
        {
            Preset = "transformer-big",
            ModelDim = 96,
            EncoderLayerCount = 5,
            DecoderLayerCount = 2,
            HeadCount = 3,
            FeedForwardDim = 100,
            NormPlacement = NormPlacement.Pre,
            Norm = new RmsNormConfig(1e-4f),
            Activation = Activation.Silu,
            Positions = new SinusoidalPositionsConfig(77),
            TieEmbeddings = false,
            Dropout = 0.15f,
            AttentionDropout = 0.05f,
            ActivationDropout = 0.01f,
        }.ToConfig(500);
        Assert.Equal(ModelPresets.Get("transformer-big", 500) with
        {
            ModelDim = 96,
            EncoderLayerCount = 5,
            DecoderLayerCount = 2,
            HeadCount = 3,
            FeedForwardDim = 100,
            NormPlacement = NormPlacement.Pre,
            Norm = new RmsNormConfig(1e-4f),
            Activation = Activation.Silu,
            Positions = new SinusoidalPositionsConfig(77),
            TieEmbeddings = false,
            Dropout = 0.15f,
            AttentionDropout = 0.05f,
            ActivationDropout = 0.01f,
        }, config);
    }

    [Fact]
    public void AnUnknownPresetAndNumbersThatMakeNoModelAreNamed()
    {
        Assert.Contains("'transformer-base'", Message(new ModelRecipe { Preset = "transformer-bas" }), StringComparison.Ordinal);
        Assert.Contains("HeadCount 7 does not divide", Message(new ModelRecipe { HeadCount = 7 }), StringComparison.Ordinal);
    }

    private static string Message(ModelRecipe recipe) => Assert.Throws<MultiheadException>(() => recipe.ToConfig(500)).Message;
}
