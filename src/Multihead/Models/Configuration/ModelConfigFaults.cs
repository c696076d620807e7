using System.Globalization;

namespace Multihead.Models.Configuration;

/// <summary>The rules that a <see cref="ModelConfig"/> must keep, some of which any model must. The bounds are far above any model of this kind; they stop a
/// hostile or mistyped file before it allocates.</summary>
internal static class ModelConfigFaults
{
    internal const int LargestVocabulary = 1 << 24;
    internal const int LargestDim = 1 << 16;
    internal const int LargestFeedForwardDim = 1 << 20;
    internal const int LargestLayerCount = 1024;
    private const int LargestLength = 1 << 20;

    // 16 GiB values: 64 GiB of 32-bit floats.
    internal const long LargestValueCount = 1L << 34;

    /// <summary>The first broken rule as one sentence, or null.</summary>
    public static string? First(ModelConfig config) =>
        Range("VocabularySize", config.VocabularySize, 2, LargestVocabulary)
        ?? Range("ModelDim", config.ModelDim, 1, LargestDim)
        ?? Range("EncoderLayerCount", config.EncoderLayerCount, 1, LargestLayerCount)
        ?? Range("DecoderLayerCount", config.DecoderLayerCount, 1, LargestLayerCount)
        ?? Range("HeadCount", config.HeadCount, 1, config.ModelDim)
        ?? Range("FeedForwardDim", config.FeedForwardDim, 1, LargestFeedForwardDim)
        ?? Heads(config)
        ?? Placement(config)
        ?? Norm(config.Norm)
        ?? Positions(config)
        ?? Rate("Dropout", config.Dropout)
        ?? Rate("AttentionDropout", config.AttentionDropout)
        ?? Rate("ActivationDropout", config.ActivationDropout)
        ?? Range("EndOfSentenceId", config.EndOfSentenceId, 0, config.VocabularySize - 1)
        ?? Range("PaddingId", config.PaddingId, 0, config.VocabularySize - 1)
        ?? Range("DecoderStartId", config.DecoderStartId, 0, config.VocabularySize - 1)
        ?? SpecialTokens(config)
        ?? Size(config);

    internal static string? Range(string name, int value, int least, int most) =>
        value >= least && value <= most ? null
            : $"{name} is {value} but must be between {least} and {most}; give a value in that range.";

    private static string? Rate(string name, float value) =>
        value is >= 0 and < 1 ? null : $"{name} is {Text(value)} but must be from 0 to below 1; give a probability.";

    private static string? Heads(ModelConfig config) =>
        config.ModelDim % config.HeadCount == 0 ? null
            : $"HeadCount {config.HeadCount} does not divide ModelDim {config.ModelDim}; choose a ModelDim that is a multiple of "
                + "HeadCount.";

    private static string? Placement(ModelConfig config) =>
        config.NormPlacement != NormPlacement.Sandwich ? null
            : "NormPlacement is sandwich, which encoder-decoders do not have here; choose pre or post.";

    internal static string? Norm(NormConfig norm) =>
        norm.Epsilon is > 0 and <= 0.1f ? null
            : $"the norm's Epsilon is {Text(norm.Epsilon)} but must be above 0 and at most 0.1; 1e-5 is usual.";

    private static string? Positions(ModelConfig config) =>
        Range("Positions.MaxLength", config.Positions.MaxLength, 1, LargestLength)
        ?? (config.Positions is SinusoidalPositionsConfig && config.ModelDim % 2 != 0
            ? $"ModelDim is {config.ModelDim} but sinusoidal positions need an even number; choose an even ModelDim."
            : null);

    internal static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? SpecialTokens(ModelConfig config) =>
        config.EndOfSentenceId != config.PaddingId ? null
            : $"EndOfSentenceId and PaddingId are both {config.PaddingId}; give each its own token.";

    private static string? Size(ModelConfig config)
    {
        long dim = config.ModelDim;
        var embeddings = config.VocabularySize * dim * (config.TieEmbeddings ? 1 : 3) + config.Positions.MaxLength * dim;
        var feedForward = 2 * dim * config.FeedForwardDim;
        var encoder = config.EncoderLayerCount * (4 * dim * dim + feedForward);
        var decoder = config.DecoderLayerCount * (8 * dim * dim + feedForward);
        var count = embeddings + encoder + decoder;
        return count <= LargestValueCount ? null
            : $"it makes a model of {count} values, above the limit of {LargestValueCount}; choose smaller dimensions.";
    }
}
