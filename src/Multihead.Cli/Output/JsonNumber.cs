using System.Text.Json;

namespace Multihead.Cli.Output;

/// <summary>Numbers that may not be finite, for which JSON has no words.</summary>
internal static class JsonNumber
{
    /// <summary>Writes a number, or null where JSON has no way to write it.</summary>
    public static void Write(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
