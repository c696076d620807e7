using System.Text.Json.Serialization;

namespace Multihead.Models.Configuration;

/// <summary>A <c>config.json</c> in our own keys.</summary>
/// <param name="ModelType">"multihead"; the key is Hugging Face's, so that its tools say what they met.</param>
/// <param name="FormatVersion">At most <see cref="ModelConfigJson.FormatVersion"/>.</param>
/// <param name="Model">The model.</param>
internal sealed record MultiheadConfig(
    [property: JsonPropertyName("model_type")] string ModelType, int FormatVersion, ModelConfig Model);

/// <summary>What decides how the rest of a <c>config.json</c> is read.</summary>
/// <param name="ModelType">The architecture.</param>
/// <param name="FormatVersion">Present in files of ours.</param>
/// <param name="TransformersVersion">Present in files that Hugging Face's library wrote, or wrote again.</param>
internal sealed record ConfigHead(
    [property: JsonPropertyName("model_type")] string ModelType,
    int? FormatVersion = null,
    [property: JsonPropertyName("transformers_version")] string? TransformersVersion = null);

/// <summary>Our own keys, in camelCase.</summary>
[JsonSerializable(typeof(MultiheadConfig))]
[JsonSerializable(typeof(ConfigHead))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    AllowOutOfOrderMetadataProperties = true)]
internal sealed partial class MultiheadConfigJsonContext : JsonSerializerContext;

/// <summary>Marian's keys, in snake_case.</summary>
[JsonSerializable(typeof(MarianConfig))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class MarianConfigJsonContext : JsonSerializerContext;
