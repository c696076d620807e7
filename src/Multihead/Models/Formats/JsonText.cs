using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Multihead.Models.Formats;

/// <summary>Strings out of JSON whose bytes nobody has checked yet.</summary>
internal static class JsonText
{
    /// <summary>The text of the reader's string or property name; false where it is not valid UTF-8 or has half a surrogate
    /// pair escaped, which the reader itself accepts until it is asked for the text.</summary>
    public static bool TryGet(in Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = reader.GetString();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }
}
