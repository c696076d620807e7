using System.Text.Json.Serialization;

namespace Multihead.Models.Configuration;

/// <summary>The keys of a Hugging Face <c>config.json</c> with <c>model_type: marian</c> that say what the model computes,
/// https://huggingface.co/docs/transformers/model_doc/marian. Null means that the file does not say it.</summary>
internal sealed record MarianConfig
{
    public required string ModelType { get; init; }
    public IReadOnlyList<string>? Architectures { get; init; }

    [JsonPropertyName("formatVersion")]
    public int? FormatVersion { get; init; }

    public required int VocabSize { get; init; }
    public int? DecoderVocabSize { get; init; }
    public required int DModel { get; init; }
    public required int EncoderLayers { get; init; }
    public required int DecoderLayers { get; init; }
    public int? NumHiddenLayers { get; init; }
    public required int EncoderAttentionHeads { get; init; }
    public required int DecoderAttentionHeads { get; init; }
    public required int EncoderFfnDim { get; init; }
    public required int DecoderFfnDim { get; init; }
    public string? ActivationFunction { get; init; }
    public int? MaxPositionEmbeddings { get; init; }
    public bool? StaticPositionEmbeddings { get; init; }
    public bool? ScaleEmbedding { get; init; }
    public bool? ShareEncoderDecoderEmbeddings { get; init; }
    public bool? TieWordEmbeddings { get; init; }
    public bool? NormalizeBefore { get; init; }
    public bool? NormalizeEmbedding { get; init; }
    public bool? AddFinalLayerNorm { get; init; }
    public bool? IsEncoderDecoder { get; init; }
    public float? Dropout { get; init; }
    public float? AttentionDropout { get; init; }
    public float? ActivationDropout { get; init; }
    public int? EosTokenId { get; init; }
    public int? ForcedEosTokenId { get; init; }
    public int? PadTokenId { get; init; }
    public int? DecoderStartTokenId { get; init; }
}
