using System.Text.Json;
using System.Text.Json.Serialization;

namespace Multihead.Models.Architectures;

/// <summary>The keys of Hugging Face's <c>config.json</c> for decoder-only models that say what a model computes; each architecture
/// has some of them, https://huggingface.co/docs/transformers/main_classes/configuration. Null means that the file does not say
/// it.</summary>
internal sealed record HuggingFaceKeys
{
    public required string ModelType { get; init; }
    public IReadOnlyList<string>? Architectures { get; init; }

    [JsonPropertyName("formatVersion")]
    public int? FormatVersion { get; init; }

    public required int VocabSize { get; init; }

    // Llama and what follows it.
    public int? HiddenSize { get; init; }
    public int? IntermediateSize { get; init; }
    public int? NumHiddenLayers { get; init; }
    public int? NumAttentionHeads { get; init; }
    public int? NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public string? HiddenAct { get; init; }
    public string? HiddenActivation { get; init; }
    public int? MaxPositionEmbeddings { get; init; }
    public float? RmsNormEps { get; init; }
    public double? RopeTheta { get; init; }
    public RotaryKeys? RopeScaling { get; init; }
    public RotaryKeys? RopeParameters { get; init; }
    public bool? AttentionBias { get; init; }
    public bool? MlpBias { get; init; }
    public float? AttentionDropout { get; init; }
    public int? SlidingWindow { get; init; }
    public bool? UseSlidingWindow { get; init; }
    public float? QueryPreAttnScalar { get; init; }
    public float? AttnLogitSoftcapping { get; init; }
    public float? FinalLogitSoftcapping { get; init; }

    // GPT-2.
    public int? NEmbd { get; init; }
    public int? NLayer { get; init; }
    public int? NHead { get; init; }
    public int? NInner { get; init; }
    public int? NPositions { get; init; }
    public string? ActivationFunction { get; init; }
    public float? LayerNormEpsilon { get; init; }
    public float? AttnPdrop { get; init; }
    public float? EmbdPdrop { get; init; }
    public float? ResidPdrop { get; init; }
    public bool? ScaleAttnWeights { get; init; }
    public bool? ScaleAttnByInverseLayerIdx { get; init; }
    public bool? AddCrossAttention { get; init; }

    public bool? TieWordEmbeddings { get; init; }
    public int? BosTokenId { get; init; }

    /// <summary>One token or several.</summary>
    public JsonElement? EosTokenId { get; init; }
}

/// <summary>How rotary positions are changed for longer contexts.</summary>
internal sealed record RotaryKeys
{
    public string? RopeType { get; init; }
    public string? Type { get; init; }
    public double? RopeTheta { get; init; }
}

/// <summary>Keys in snake_case.</summary>
[JsonSerializable(typeof(HuggingFaceKeys))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class HuggingFaceJsonContext : JsonSerializerContext;
