using System.Text.Json;
using Multihead.Models.Formats;

namespace Multihead.Models.Configuration;

/// <summary>Reads and writes <c>config.json</c>: in Hugging Face's words for Marian where the model can be said in them, else as
/// <c>model_type: multihead</c> in our own. Files of ours carry <c>formatVersion</c>.</summary>
internal static class ModelConfigJson
{
    /// <summary>The file's name in a checkpoint folder.</summary>
    public const string FileName = "config.json";

    /// <summary>The newest version that is read, and the one that is written.</summary>
    public const int FormatVersion = 1;

    private const string OwnModelType = "multihead";

    /// <summary>Reads a file and validates what it says.</summary>
    /// <exception cref="MultiheadException">The file cannot be read, is of a newer version or another architecture, or says
    /// something that cannot be: one sentence with the file and the key.</exception>
    public static ModelConfig Read(string path) => Parse(StrictJson.ReadBytes(path), path);

    /// <summary>As <see cref="Read"/>, from bytes; <paramref name="source"/> names them in messages.</summary>
    public static ModelConfig Parse(ReadOnlySpan<byte> utf8, string source)
    {
        var head = StrictJson.Parse(utf8, source, MultiheadConfigJsonContext.Default.ConfigHead, UnknownKeys.Ignored);
        CheckVersion(head, source);
        var config = head.ModelType switch
        {
            OwnModelType =>
                StrictJson.Parse(utf8, source, MultiheadConfigJsonContext.Default.MultiheadConfig, UnknownKeys.Refused).Model,
            MarianMapping.ModelType => MarianMapping.FromMarian(
                StrictJson.Parse(utf8, source, MarianConfigJsonContext.Default.MarianConfig, MarianKeys(head)), source),
            _ => throw new MultiheadException($"'{source}': model_type is {Shown.Name(head.ModelType)}, and only "
                + $"'{MarianMapping.ModelType}' and '{OwnModelType}' are supported; give a model of one of these."),
        };
        return ModelConfigFaults.First(config) is { } fault ? throw new MultiheadException($"'{source}': {fault}") : config;
    }

    /// <summary>The text of a <c>config.json</c>; <see cref="Parse"/> makes an equal configuration of it.</summary>
    public static string Text(ModelConfig config)
    {
        config.Validate();
        var json = MarianMapping.CanSay(config)
            ? JsonSerializer.Serialize(MarianMapping.ToMarian(config), MarianConfigJsonContext.Default.MarianConfig)
            : JsonSerializer.Serialize(new MultiheadConfig(OwnModelType, FormatVersion, config),
                MultiheadConfigJsonContext.Default.MultiheadConfig);
        return json + "\n";
    }

    /// <summary>Writes the text to a file, atomically.</summary>
    /// <exception cref="MultiheadException">The configuration is not valid, or the file cannot be written.</exception>
    public static void Write(string path, ModelConfig config) => AtomicFile.WriteText(path, Text(config));

    private static void CheckVersion(ConfigHead head, string source)
    {
        if (head.FormatVersion > FormatVersion)
            throw new MultiheadException($"'{source}' has formatVersion {head.FormatVersion}, written by a newer Multihead than "
                + $"this one, which reads up to {FormatVersion}; update Multihead.");
        if (head.FormatVersion < 1)
            throw new MultiheadException($"'{source}' has formatVersion {head.FormatVersion}, which never was; fetch or save the "
                + "model again.");
    }

    // Hugging Face's library keeps our formatVersion when it saves a model again, but adds keys of its own.
    private static UnknownKeys MarianKeys(ConfigHead head) =>
        head is { FormatVersion: not null, TransformersVersion: null } ? UnknownKeys.Refused : UnknownKeys.Ignored;
}
