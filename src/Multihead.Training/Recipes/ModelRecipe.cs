using Multihead.Models.Configuration;

namespace Multihead.Training.Recipes;

/// <summary>A preset and what differs from it; what is left out (null) is the preset's.</summary>
public sealed record ModelRecipe
{
    /// <summary>The preset's name: transformer-base, transformer-big or transformer-tiny for a translator; gpt2, llama-15m and so on
    /// for a language model.</summary>
    public string Preset { get; init; } = "transformer-base";

    /// <summary>The width of embeddings and of every layer: d_model. Even, and a multiple of <see cref="HeadCount"/>.</summary>
    public int? ModelDim { get; init; }

    /// <summary>Layers of the encoder: N.</summary>
    public int? EncoderLayerCount { get; init; }

    /// <summary>Layers of the decoder: N.</summary>
    public int? DecoderLayerCount { get; init; }

    /// <summary>Layers of a language model: N.</summary>
    public int? LayerCount { get; init; }

    /// <summary>Attention heads of every layer: h.</summary>
    public int? HeadCount { get; init; }

    /// <summary>Heads of keys and values of a language model: a divisor of <see cref="HeadCount"/>.</summary>
    public int? KeyValueHeadCount { get; init; }

    /// <summary>The inner width of the feed-forward layer: d_ff.</summary>
    public int? FeedForwardDim { get; init; }

    /// <summary>Norms before each layer, or after the residual sum as in the paper.</summary>
    public NormPlacement? NormPlacement { get; init; }

    /// <summary>The kind of norm.</summary>
    public NormConfig? Norm { get; init; }

    /// <summary>The function between the two products of the feed-forward layer.</summary>
    public Activation? Activation { get; init; }

    /// <summary>How the order of tokens is told, and the longest sequence.</summary>
    public PositionConfig? Positions { get; init; }

    /// <summary>One matrix for source and target embeddings and the output product, or one for each.</summary>
    public bool? TieEmbeddings { get; init; }

    /// <summary>Dropout on the output of attention and feed-forward, and on the embeddings; below 1.</summary>
    public float? Dropout { get; init; }

    /// <summary>Dropout on the attention weights; below 1.</summary>
    public float? AttentionDropout { get; init; }

    /// <summary>Dropout behind the activation inside the feed-forward layer; below 1.</summary>
    public float? ActivationDropout { get; init; }

    /// <summary>The whole configuration of a translator for a vocabulary of that size.</summary>
    /// <exception cref="MultiheadException">An unknown preset, or numbers that do not make a model.</exception>
    internal ModelConfig ToConfig(int vocabularySize)
    {
        Refuse("a translator", (nameof(LayerCount), LayerCount), (nameof(KeyValueHeadCount), KeyValueHeadCount));
        var preset = ModelPresets.Get(Preset, vocabularySize);
        var config = preset with
        {
            ModelDim = ModelDim ?? preset.ModelDim,
            EncoderLayerCount = EncoderLayerCount ?? preset.EncoderLayerCount,
            DecoderLayerCount = DecoderLayerCount ?? preset.DecoderLayerCount,
            HeadCount = HeadCount ?? preset.HeadCount,
            FeedForwardDim = FeedForwardDim ?? preset.FeedForwardDim,
            NormPlacement = NormPlacement ?? preset.NormPlacement,
            Norm = Norm ?? preset.Norm,
            Activation = Activation ?? preset.Activation,
            Positions = Positions ?? preset.Positions,
            TieEmbeddings = TieEmbeddings ?? preset.TieEmbeddings,
            Dropout = Dropout ?? preset.Dropout,
            AttentionDropout = AttentionDropout ?? preset.AttentionDropout,
            ActivationDropout = ActivationDropout ?? preset.ActivationDropout,
        };
        config.Validate();
        return config;
    }

    /// <summary>The whole configuration of a language model for a vocabulary of that size.</summary>
    /// <exception cref="MultiheadException">An unknown preset, or numbers that do not make a model.</exception>
    internal DecoderOnlyConfig ToDecoderOnlyConfig(int vocabularySize)
    {
        Refuse("a language model", (nameof(EncoderLayerCount), EncoderLayerCount), (nameof(DecoderLayerCount), DecoderLayerCount));
        var preset = DecoderOnlyPresets.Get(Preset, vocabularySize);
        var (dim, heads) = (ModelDim ?? preset.ModelDim, HeadCount ?? preset.HeadCount);
        var ownHeadDim = preset.HeadDim * preset.HeadCount != preset.ModelDim;
        var config = preset with
        {
            ModelDim = dim,
            LayerCount = LayerCount ?? preset.LayerCount,
            HeadCount = heads,
            KeyValueHeadCount = KeyValueHeadCount ?? (preset.KeyValueHeadCount == preset.HeadCount ? heads : preset.KeyValueHeadCount),
            HeadDim = ownHeadDim ? preset.HeadDim : dim / Math.Max(1, heads),
            FeedForwardDim = FeedForwardDim ?? (ModelDim is null ? preset.FeedForwardDim : dim * preset.FeedForwardDim / preset.ModelDim),
            NormPlacement = NormPlacement ?? preset.NormPlacement,
            Norm = Norm ?? preset.Norm,
            Activation = Activation ?? preset.Activation,
            Positions = Positions ?? preset.Positions,
            TieEmbeddings = TieEmbeddings ?? preset.TieEmbeddings,
            Dropout = Dropout ?? preset.Dropout,
            AttentionDropout = AttentionDropout ?? preset.AttentionDropout,
            ActivationDropout = ActivationDropout ?? preset.ActivationDropout,
        };
        return DecoderOnlyConfigFaults.First(config) is { } fault
            ? throw new MultiheadException($"The recipe's model: {fault}")
            : config;
    }

    private static void Refuse(string what, params ReadOnlySpan<(string Name, int? Value)> foreign)
    {
        foreach (var (name, value) in foreign)
            if (value is not null)
                throw new MultiheadException($"model.{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name)} is given, and {what} "
                    + "has no such number; leave it out of the recipe.");
    }
}
