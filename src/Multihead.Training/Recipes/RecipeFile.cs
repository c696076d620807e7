using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Multihead.Models.Formats;

namespace Multihead.Training.Recipes;

/// <summary>Reads and writes recipes. Comments and trailing commas are allowed; an unknown key is an error that names the nearest
/// known one.</summary>
public static class RecipeFile
{
    private const int FormatVersion = 1;

    /// <summary>Reads a recipe and applies overrides.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Each "path.to.key=value"; the value is JSON, or else plain text.</param>
    /// <exception cref="MultiheadException">What is wrong and where, in one sentence.</exception>
    public static Recipe Read(string path, IReadOnlyList<string>? overrides = null)
    {
        var bytes = StrictJson.ReadBytes(path);
        var source = path;
        if (overrides is { Count: > 0 })
        {
            bytes = Override(bytes, path, overrides);
            source = $"{path} --set {string.Join(" --set ", overrides)}";
        }
        CheckVersion(StrictJson.Parse(bytes, source, RecipeJsonContext.Default.RecipeHead, UnknownKeys.Ignored), source);
        var recipe = RecipeDefaults.FillIn(bytes,
            StrictJson.Parse(bytes, source, RecipeJsonContext.Default.Recipe, UnknownKeys.Refused));
        recipe.Training.Validate();
        return recipe;
    }

    /// <summary>Writes a recipe with all its values, so that it can be repeated.</summary>
    public static void Write(string path, Recipe recipe) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(recipe, RecipeJsonContext.Default.Recipe) + "\n");

    // Before the rest is read: the newer form may have keys that are not known here.
    private static void CheckVersion(RecipeHead head, string source)
    {
        if (head.FormatVersion > FormatVersion)
            throw new MultiheadException($"'{source}' has formatVersion {head.FormatVersion}, newer than {FormatVersion}, which "
                + "this program reads; use a newer Multihead.");
        if (head.FormatVersion < 1)
            throw new MultiheadException($"'{source}' has formatVersion {head.FormatVersion}, which never was; write "
                + $"{FormatVersion}.");
    }

    /// <summary>The text as a tree.</summary>
    internal static JsonNode? Node(ReadOnlySpan<byte> utf8) => JsonNode.Parse(
        utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8,
        documentOptions: new JsonDocumentOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            AllowDuplicateProperties = false,
        });

    private static byte[] Override(byte[] bytes, string path, IReadOnlyList<string> overrides)
    {
        // The tree would have U+FFFD there and hide it from the strict reader.
        if (!Utf8.IsValid(bytes)) throw new MultiheadException($"'{path}' holds text that is not valid UTF-8; correct it there.");
        JsonNode? root;
        try
        {
            root = Node(bytes);
        }
        catch (JsonException)
        {
            return bytes; // not JSON, or a key is there twice: the strict reader says where
        }
        foreach (var text in overrides)
        {
            var at = text.IndexOf('=');
            if (at <= 0)
                throw new MultiheadException($"'--set {text}' has no form path=value, such as training.steps=1000; correct it.");
            Set(root, text[..at].Split('.'), text[(at + 1)..], text, path);
        }
        return Encoding.UTF8.GetBytes(root!.ToJsonString());
    }

    private static void Set(JsonNode? node, string[] keys, string value, string given, string path)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (node is not JsonObject level)
                throw new MultiheadException($"'--set {given}': '{string.Join('.', keys[..i])}' of '{path}' is not an object with "
                    + "keys; correct the path.");
            if (i == keys.Length - 1) level[keys[i]] = ToNode(value);
            else node = level[keys[i]] ??= new JsonObject();
        }
    }

    private static JsonNode? ToNode(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowOutOfOrderMetadataProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(RecipeHead))]
internal sealed partial class RecipeJsonContext : JsonSerializerContext;

/// <summary>What decides how the rest of a recipe is read.</summary>
/// <param name="FormatVersion">The current one where it is left out.</param>
internal sealed record RecipeHead(int FormatVersion = 1);
