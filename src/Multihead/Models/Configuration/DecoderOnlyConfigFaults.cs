using System.Globalization;

namespace Multihead.Models.Configuration;

/// <summary>The rules that a <see cref="DecoderOnlyConfig"/> must keep. As with <see cref="ModelConfigFaults"/>, the bounds stop a
/// hostile or mistyped file before it allocates.</summary>
internal static class DecoderOnlyConfigFaults
{
    private const int LargestHeadDim = 256; // of attention's kernels
    private const int LargestLength = 1 << 24;

    /// <summary>The first broken rule as one sentence, or null.</summary>
    public static string? First(DecoderOnlyConfig config) =>
        ModelConfigFaults.Range("VocabularySize", config.VocabularySize, 2, ModelConfigFaults.LargestVocabulary)
        ?? ModelConfigFaults.Range("ModelDim", config.ModelDim, 1, ModelConfigFaults.LargestDim)
        ?? ModelConfigFaults.Range("LayerCount", config.LayerCount, 1, ModelConfigFaults.LargestLayerCount)
        ?? ModelConfigFaults.Range("HeadCount", config.HeadCount, 1, ModelConfigFaults.LargestDim)
        ?? ModelConfigFaults.Range("KeyValueHeadCount", config.KeyValueHeadCount, 1, config.HeadCount)
        ?? ModelConfigFaults.Range("HeadDim", config.HeadDim, 1, LargestHeadDim)
        ?? ModelConfigFaults.Range("FeedForwardDim", config.FeedForwardDim, 1, ModelConfigFaults.LargestFeedForwardDim)
        ?? ModelConfigFaults.Range("Positions.MaxLength", config.Positions.MaxLength, 1, LargestLength)
        ?? ModelConfigFaults.Range("Window", config.Window, 0, LargestLength)
        ?? ModelConfigFaults.Range("WholeLayerEvery", config.WholeLayerEvery, 0, ModelConfigFaults.LargestLayerCount)
        ?? Heads(config)
        ?? ModelConfigFaults.Norm(config.Norm)
        ?? Positions(config)
        ?? Number("QueryScaleDim", config.QueryScaleDim, 0, ModelConfigFaults.LargestDim)
        ?? Number("AttentionLogitCap", config.AttentionLogitCap, 0, 1e6f)
        ?? Number("OutputLogitCap", config.OutputLogitCap, 0, 1e6f)
        ?? Number("Dropout", config.Dropout, 0, 0.999f)
        ?? Number("AttentionDropout", config.AttentionDropout, 0, 0.999f)
        ?? Number("ActivationDropout", config.ActivationDropout, 0, 0.999f)
        ?? Tokens(config)
        ?? Size(config);

    private static string? Number(string name, float value, float least, float most) =>
        value >= least && value <= most ? null
            : $"{name} is {ModelConfigFaults.Text(value)} but must be between {ModelConfigFaults.Text(least)} and {ModelConfigFaults.Text(most)}; give a value in that range.";

    private static string? Heads(DecoderOnlyConfig config) =>
        config.HeadCount % config.KeyValueHeadCount != 0
            ? $"KeyValueHeadCount {config.KeyValueHeadCount} does not divide HeadCount {config.HeadCount}; choose a divisor."
            : null;

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
        return count <= ModelConfigFaults.LargestValueCount ? null
            : $"it makes a model of {count} values, above the limit of {ModelConfigFaults.LargestValueCount}; choose smaller dimensions.";
    }

}
