using System.Globalization;

namespace Multihead.Models.Configuration;

/// <summary>The rules that a <see cref="DecoderOnlyConfig"/> must keep. As with <see cref="ModelConfigFaults"/>, the bounds stop a
/// hostile or mistyped file before it allocates.</summary>
internal static class DecoderOnlyConfigFaults
{
    private const int LargestVocabulary = 1 << 24;
    private const int LargestDim = 1 << 16;
    private const int LargestFeedForwardDim = 1 << 20;
    private const int LargestLayerCount = 1024;
    private const int LargestHeadDim = 256; // of attention's kernels
    private const int LargestLength = 1 << 24;
    private const long LargestValueCount = 1L << 34; // 64 GiB of 32-bit floats

    /// <summary>The first broken rule as one sentence, or null.</summary>
    public static string? First(DecoderOnlyConfig config) =>
        Range("VocabularySize", config.VocabularySize, 2, LargestVocabulary)
        ?? Range("ModelDim", config.ModelDim, 1, LargestDim)
        ?? Range("LayerCount", config.LayerCount, 1, LargestLayerCount)
        ?? Range("HeadCount", config.HeadCount, 1, LargestDim)
        ?? Range("KeyValueHeadCount", config.KeyValueHeadCount, 1, config.HeadCount)
        ?? Range("HeadDim", config.HeadDim, 1, LargestHeadDim)
        ?? Range("FeedForwardDim", config.FeedForwardDim, 1, LargestFeedForwardDim)
        ?? Range("Positions.MaxLength", config.Positions.MaxLength, 1, LargestLength)
        ?? Range("Window", config.Window, 0, LargestLength)
        ?? Range("WholeLayerEvery", config.WholeLayerEvery, 0, LargestLayerCount)
        ?? Heads(config)
        ?? Norm(config.Norm)
        ?? Positions(config)
        ?? Number("QueryScaleDim", config.QueryScaleDim, 0, LargestDim)
        ?? Number("AttentionLogitCap", config.AttentionLogitCap, 0, 1e6f)
        ?? Number("OutputLogitCap", config.OutputLogitCap, 0, 1e6f)
        ?? Number("Dropout", config.Dropout, 0, 0.999f)
        ?? Number("AttentionDropout", config.AttentionDropout, 0, 0.999f)
        ?? Number("ActivationDropout", config.ActivationDropout, 0, 0.999f)
        ?? Tokens(config)
        ?? Size(config);

    private static string? Range(string name, int value, int least, int most) =>
        value >= least && value <= most ? null
            : $"{name} is {value} but must be between {least} and {most}; give a value in that range.";

    private static string? Number(string name, float value, float least, float most) =>
        value >= least && value <= most ? null
            : $"{name} is {Text(value)} but must be between {Text(least)} and {Text(most)}; give a value in that range.";

    private static string? Heads(DecoderOnlyConfig config) =>
        config.HeadCount % config.KeyValueHeadCount != 0
            ? $"KeyValueHeadCount {config.KeyValueHeadCount} does not divide HeadCount {config.HeadCount}; choose a divisor."
            : null;

    private static string? Norm(NormConfig norm) =>
        norm.Epsilon is > 0 and <= 0.1f ? null
            : $"the norm's Epsilon is {Text(norm.Epsilon)} but must be above 0 and at most 0.1; 1e-5 is usual.";

    private static string? Positions(DecoderOnlyConfig config) => config.Positions switch
    {
        LearnedPositionsConfig => null,
        RotaryPositionsConfig { Theta: not (> 0 and < 1e12) } rotary =>
            $"the base of rotary positions is {rotary.Theta.ToString(CultureInfo.InvariantCulture)} but must be above 0 and below "
                + "1e12; 10000 is usual.",
        RotaryPositionsConfig when config.HeadDim % 2 != 0 =>
            $"HeadDim is {config.HeadDim} but rotary positions need an even number; choose an even HeadDim.",
        RotaryPositionsConfig => null,
        _ => "decoder-only models have learned or rotary positions; choose one of these.",
    };

    private static string? Tokens(DecoderOnlyConfig config)
    {
        foreach (var id in config.EndOfTextIds)
            if (id < 0 || id >= config.VocabularySize) return Outside("an end of text", id);
        return config.BeginOfTextId is { } begin && (begin < 0 || begin >= config.VocabularySize)
            ? Outside("the begin of text", begin)
            : null;

        string Outside(string what, int id) => $"{what} is token {id}, outside the vocabulary of {config.VocabularySize}; correct it.";
    }

    private static string? Size(DecoderOnlyConfig config)
    {
        long dim = config.ModelDim;
        var embeddings = config.VocabularySize * dim * (config.TieEmbeddings ? 1 : 2)
            + (config.Positions is LearnedPositionsConfig ? config.Positions.MaxLength * dim : 0);
        var attention = 2 * dim * config.HeadDim * ((long)config.HeadCount + config.KeyValueHeadCount);
        var feedForward = (config.GatedFeedForward ? 3 : 2) * dim * config.FeedForwardDim;
        var count = embeddings + config.LayerCount * (attention + feedForward);
        return count <= LargestValueCount ? null
            : $"it makes a model of {count} values, above the limit of {LargestValueCount}; choose smaller dimensions.";
    }

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
