using Multihead.Models.Configuration;

namespace Multihead.Training.Recipes;

/// <summary>A preset and what differs from it; what is left out (null) is the preset's.</summary>
public sealed record ModelRecipe
{
    /// <summary>The preset's name: transformer-base, transformer-big or transformer-tiny.</summary>
    public string Preset { get; init; } = "transformer-base";

    /// <summary>As <see cref="ModelConfig.ModelDim"/>.</summary>
    public int? ModelDim { get; init; }

    /// <summary>As <see cref="ModelConfig.EncoderLayerCount"/>.</summary>
    public int? EncoderLayerCount { get; init; }

    /// <summary>As <see cref="ModelConfig.DecoderLayerCount"/>.</summary>
    public int? DecoderLayerCount { get; init; }

    /// <summary>As <see cref="ModelConfig.HeadCount"/>.</summary>
    public int? HeadCount { get; init; }

    /// <summary>As <see cref="ModelConfig.FeedForwardDim"/>.</summary>
    public int? FeedForwardDim { get; init; }

    /// <summary>As <see cref="ModelConfig.NormPlacement"/>.</summary>
    public NormPlacement? NormPlacement { get; init; }

    /// <summary>As <see cref="ModelConfig.Norm"/>.</summary>
    public NormConfig? Norm { get; init; }

    /// <summary>As <see cref="ModelConfig.Activation"/>.</summary>
    public Activation? Activation { get; init; }

    /// <summary>As <see cref="ModelConfig.Positions"/>.</summary>
    public PositionConfig? Positions { get; init; }

    /// <summary>As <see cref="ModelConfig.TieEmbeddings"/>.</summary>
    public bool? TieEmbeddings { get; init; }

    /// <summary>As <see cref="ModelConfig.Dropout"/>.</summary>
    public float? Dropout { get; init; }

    /// <summary>As <see cref="ModelConfig.AttentionDropout"/>.</summary>
    public float? AttentionDropout { get; init; }

    /// <summary>As <see cref="ModelConfig.ActivationDropout"/>.</summary>
    public float? ActivationDropout { get; init; }

    /// <summary>The whole configuration for a vocabulary of that size.</summary>
    /// <exception cref="MultiheadException">An unknown preset, or numbers that do not make a model.</exception>
    public ModelConfig ToConfig(int vocabularySize)
    {
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
}
