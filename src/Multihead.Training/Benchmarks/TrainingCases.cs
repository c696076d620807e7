using Multihead.Kernels.Threading;
using Multihead.Models.Configuration;

namespace Multihead.Training.Benchmarks;

/// <summary>The training steps that are timed. Dropout is off in all, so that their first loss and gradient can be held against
/// those of other programs.</summary>
internal static class TrainingCases
{
    /// <summary>The names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["base", "small", "tiny", "gpt"];

    /// <summary>The case of that name.</summary>
    /// <param name="name"><list type="bullet">
    /// <item>base: the paper's base model, d_model 512, 8 heads, d_ff 2048, 6+6 layers, vocabulary 16,000, 32 pairs of 32+32
    /// tokens;</item>
    /// <item>small: d_model 256, 4 heads, d_ff 1024, 3+3 layers, vocabulary 8,000, 64 pairs of 20+20 tokens;</item>
    /// <item>tiny: the preset transformer-tiny, d_model 128, 4 heads, d_ff 256, 4+4 layers, vocabulary 10,000, 256 pairs of 16+16
    /// tokens;</item>
    /// <item>gpt: the smallest GPT-2, d_model 768, 12 heads, d_ff 3072, 12 layers, vocabulary 16,000, one sequence of 1,024 tokens.
    /// </item></list></param>
    /// <param name="precision">The number format of the products' operands.</param>
    /// <param name="team">The threads.</param>
    /// <exception cref="MultiheadException">The precision would be slower on this processor than fp32.</exception>
    public static TrainingCase Create(string name, Precision precision, ThreadTeam team)
    {
        precision.Validate();
        return name switch
        {
            "base" => new TranslationCase(WithoutDropout("transformer-base", 16_000), pairs: 32, length: 32, precision, team),
            "small" => new TranslationCase(Small(), pairs: 64, length: 20, precision, team),
            "tiny" => new TranslationCase(WithoutDropout("transformer-tiny", 10_000), pairs: 256, length: 16, precision, team),
            "gpt" => new LanguageModelCase(Gpt(), sequences: 1, length: 1024, precision, team),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such case"),
        };
    }

    private static ModelConfig Small() => WithoutDropout("transformer-base", 8_000) with
    {
        ModelDim = 256,
        HeadCount = 4,
        FeedForwardDim = 1024,
        EncoderLayerCount = 3,
        DecoderLayerCount = 3,
    };

    private static DecoderOnlyConfig Gpt() => DecoderOnlyPresets.GptSmall(16_000) with { Dropout = 0, AttentionDropout = 0 };

    private static ModelConfig WithoutDropout(string preset, int vocabularySize) =>
        ModelPresets.Get(preset, vocabularySize) with { Dropout = 0 };
}
