using System.Text.Json;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;

namespace Multihead.Models.Architectures;

/// <summary>Reads and writes <c>config.json</c> of decoder-only models in Hugging Face's words.</summary>
internal static class DecoderOnlyConfigJson
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="MultiheadException">It is missing or damaged, or says a model that is not supported.</exception>
    public static DecoderOnlyConfig Read(string path) => Parse(StrictJson.ReadBytes(path), path);

    /// <summary>As <see cref="Read"/>, from bytes; <paramref name="source"/> names them in messages.</summary>
    public static DecoderOnlyConfig Parse(ReadOnlySpan<byte> utf8, string source)
    {
        var type = ModelType(utf8, source);
        var architecture = Find(type) ?? throw new MultiheadException($"'{source}': model_type is {Shown.Name(type)}, and the "
            + $"decoder-only ones that are supported are {string.Join(", ", Architecture.All.Select(a => a.ModelType))}; give a "
            + "model of one of these.");
        var keys = StrictJson.Parse(utf8, source, HuggingFaceJsonContext.Default.HuggingFaceKeys, UnknownKeys.Ignored);
        var config = architecture.FromKeys(keys, source);
        return DecoderOnlyConfigFaults.First(config) is { } fault ? throw new MultiheadException($"'{source}': {fault}") : config;
    }

    /// <summary>The text of a <c>config.json</c>; <see cref="Parse"/> makes an equal configuration of it.</summary>
    public static string Text(DecoderOnlyConfig config)
    {
        var architecture = Architecture.All.Single(a => a.Kind == config.Architecture);
        return JsonSerializer.Serialize(architecture.ToKeys(config), HuggingFaceJsonContext.Default.HuggingFaceKeys) + "\n";
    }

    private static Architecture? Find(string modelType) => Architecture.All.FirstOrDefault(a => a.ModelType == modelType);

    private static string ModelType(ReadOnlySpan<byte> utf8, string source) =>
        StrictJson.Parse(utf8, source, MultiheadConfigJsonContext.Default.ConfigHead, UnknownKeys.Ignored).ModelType;
}
