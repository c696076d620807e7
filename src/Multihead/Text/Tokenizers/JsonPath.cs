using System.Text.Json;

namespace Multihead.Text.Tokenizers;

/// <summary>Where a value stands in a JSON text, as in <c>model.merges[3]</c>.</summary>
/// <param name="Parent">The object or array around it; null for the whole text.</param>
/// <param name="Name">Its name in an object; null in an array.</param>
/// <param name="Index">Its place in an array, from 0.</param>
internal sealed record JsonPath(JsonPath? Parent, string? Name, int Index)
{
    private const int LongestPlainName = 40;

    /// <summary>The whole text.</summary>
    public static JsonPath Root { get; } = new(null, null, 0);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Parent is null) return "the top level";
        if (Name is null) return $"{Parent}[{Index}]";
        var isPlain = Name.Length is > 0 and <= LongestPlainName && Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (Parent.Parent is null) return isPlain ? Name : Shown.Name(Name);
        return isPlain ? $"{Parent}.{Name}" : $"{Parent}[{Shown.Name(Name)}]";
    }

    /// <summary>The value that is being read where the text stops being JSON.</summary>
    public static JsonPath WhereReadingStops(ReadOnlySpan<byte> json)
    {
        var around = new Stack<(JsonPath Path, bool IsArray)>();
        var current = Root;
        var reader = new Utf8JsonReader(json);
        while (TryRead(ref reader))
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    current = new JsonPath(around.Peek().Path, NameOf(reader), 0);
                    break;
                case JsonTokenType.StartObject:
                    around.Push((current, false));
                    break;
                case JsonTokenType.StartArray:
                    around.Push((current, true));
                    current = new JsonPath(current, null, 0);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    current = Following(around, around.Pop().Path);
                    break;
                default:
                    current = Following(around, current);
                    break;
            }
        return current;
    }

    /// <summary>What comes after a value: the next item of an array, or else the object, until it names a member.</summary>
    private static JsonPath Following(Stack<(JsonPath Path, bool IsArray)> around, JsonPath path) =>
        !around.TryPeek(out var parent) ? Root
            : parent.IsArray ? new JsonPath(parent.Path, null, path.Index + 1)
            : parent.Path;

    private static bool TryRead(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string NameOf(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            return "?";
        }
    }
}
