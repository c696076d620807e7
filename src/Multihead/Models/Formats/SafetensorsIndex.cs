using System.Text.Json.Serialization;

namespace Multihead.Models.Formats;

/// <summary>Which shard holds which tensor: <c>model.safetensors.index.json</c>, as Hugging Face writes it.</summary>
/// <param name="WeightMap">From the tensor's name to the plain name of its file in the same folder.</param>
/// <param name="Metadata">The sum of all tensors; null where the index does not say it.</param>
internal sealed record SafetensorsIndex(
    [property: JsonPropertyName("weight_map")] Dictionary<string, string> WeightMap,
    [property: JsonPropertyName("metadata"), JsonPropertyOrder(-1)] SafetensorsIndexMetadata? Metadata = null)
{
    /// <summary>Reads and checks an index: every file is a plain name, so that no index reaches outside its folder.</summary>
    /// <exception cref="MultiheadException">Not readable, not such an index, or a name that is a path.</exception>
    public static SafetensorsIndex Read(string path)
    {
        var index = StrictJson.Read(path, SafetensorsIndexJsonContext.Default.SafetensorsIndex, UnknownKeys.Ignored);
        foreach (var (tensor, file) in index.WeightMap)
            if (!IsPlainName(file))
                throw new MultiheadException($"'{path}' puts tensor {Shown.Name(tensor)} into {Shown.Name(file)}, which is not "
                    + "the plain name of a .safetensors file in the same folder; do not trust this index.");
        return index;
    }

    private static bool IsPlainName(string file) =>
        file.EndsWith(".safetensors", StringComparison.Ordinal) && file[0] != '.'
        && file.AsSpan().IndexOfAny("/\\:") < 0 && !file.Any(char.IsControl);
}

/// <summary>What an index says about the whole.</summary>
/// <param name="TotalSize">Bytes of all tensors, headers aside; null where the index does not say it.</param>
internal sealed record SafetensorsIndexMetadata([property: JsonPropertyName("total_size")] double? TotalSize = null);

/// <summary>How the index is read and written.</summary>
[JsonSerializable(typeof(SafetensorsIndex))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class SafetensorsIndexJsonContext : JsonSerializerContext;
