using Multihead.Models;
using Multihead.Models.Configuration;

namespace Multihead.Tests.Models;

/// <summary>Weights have MarianMT's names and shapes, and as many numbers as the paper's models.</summary>
public class TensorNameTests
{
    private const int Vocabulary = 37_000; // "about 37000 tokens", section 5.1

    [Theory]
    [InlineData("transformer-tiny")]
    [InlineData("transformer-base")]
    [InlineData("transformer-big")]
    public void APresetHasMariansNamesAndShapes(string preset)
    {
        var path = Path.Combine(TestData.RepositoryRoot(), "tests", "Multihead.Tests", "Models", "Names", "marian-names.tsv");
        var expected = File.ReadLines(path).Select(line => line.Split('\t')).Where(row => row[0] == preset)
            .Select(row => $"{row[1]} {row[2]}").ToArray();
        Assert.NotEmpty(expected);
        using var model = new EncoderDecoder(ModelPresets.Get(preset, Vocabulary), learning: false);
        Assert.Equal(expected, Tensors(model).Order(StringComparer.Ordinal));
    }

    // Table 3 of the paper says 65 and 213 million.
    [Theory]
    [InlineData("transformer-base", 63_082_496)]
    [InlineData("transformer-big", 214_245_376)]
    [InlineData("transformer-tiny", 6_061_056)]
    public void APresetHasSoManyParameters(string preset, long expected)
    {
        using var model = new EncoderDecoder(ModelPresets.Get(preset, Vocabulary), learning: false);
        Assert.Equal(expected, model.Parameters.ParameterCount);
    }

    [Fact]
    public void UntiedModelsHaveATableForEachUse()
    {
        var config = ModelBench.Small(dim: 8, heads: 2, vocabulary: 13);
        using var tied = new EncoderDecoder(config, learning: false);
        using var untied = new EncoderDecoder(config with { TieEmbeddings = false }, learning: false);
        string[] own =
            ["lm_head.weight 13x8", "model.decoder.embed_tokens.weight 13x8", "model.encoder.embed_tokens.weight 13x8"];
        Assert.Equal(["model.shared.weight 13x8"], Tensors(tied).Except(Tensors(untied)));
        Assert.Equal(own, Tensors(untied).Except(Tensors(tied)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PreNormModelsHaveANormBehindEachStack()
    {
        var config = ModelBench.Small(dim: 8, heads: 2, vocabulary: 13);
        using var post = new EncoderDecoder(config, learning: false);
        using var pre = new EncoderDecoder(config with { NormPlacement = NormPlacement.Pre }, learning: false);
        using var rms = new EncoderDecoder(config with { NormPlacement = NormPlacement.Pre, Norm = new RmsNormConfig() },
            learning: false);
        Assert.Equal(["model.encoder.layer_norm.weight 8", "model.encoder.layer_norm.bias 8", "model.decoder.layer_norm.weight 8",
            "model.decoder.layer_norm.bias 8"], Tensors(pre).Except(Tensors(post)));
        Assert.All(Tensors(pre).Except(Tensors(rms)), name => Assert.EndsWith("norm.bias 8", name, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Tensors(EncoderDecoder model) =>
        WeightFile.Sources(model.Parameters, 0).Select(s => $"{s.Name} {string.Join('x', s.Shape)}");
}
