using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Multihead.Models.Formats;

/// <summary>Reads JSON files into records by source-generated metadata, and says in one sentence what is wrong with them: the
/// file, the place in it (<c>model.norm.epsilon</c>), line and byte. Numbers must be finite, and no key stands twice.</summary>
internal static class StrictJson
{
    /// <summary>The largest file that is read; an index over a million tensors stays below it.</summary>
    public const int LargestFile = 100_000_000;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">From a JsonSerializerContext; its options say whether comments and trailing commas are allowed.</param>
    /// <param name="unknownKeys">Whether a key that the type does not have is an error.</param>
    /// <exception cref="MultiheadException">The file cannot be read or does not say what the type wants.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, UnknownKeys unknownKeys) where T : class =>
        Parse(ReadBytes(path), path, type, unknownKeys);

    /// <summary>The bytes of a file of at most <see cref="LargestFile"/> bytes.</summary>
    /// <exception cref="MultiheadException">The file is absent, too large, or cannot be read.</exception>
    public static byte[] ReadBytes(string path) => InputFile.ReadBytes(path, LargestFile);

    /// <summary>Reads bytes that are already here.</summary>
    /// <param name="utf8">The text, with or without a byte order mark.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="type">As in <see cref="Read"/>.</param>
    /// <param name="unknownKeys">As in <see cref="Read"/>.</param>
    /// <exception cref="MultiheadException">The text does not say what the type wants.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, string source, JsonTypeInfo<T> type, UnknownKeys unknownKeys)
        where T : class
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        new StrictJsonChecker(utf8, source, type.Options, unknownKeys).Run(type);
        try
        {
            return JsonSerializer.Deserialize(utf8, type)!;
        }
        catch (JsonException e)
        {
            throw new MultiheadException($"'{source}': '{e.Path}' on line {e.LineNumber + 1} does not have the expected form; "
                + "correct it.", e);
        }
    }
}
