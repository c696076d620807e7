namespace Multihead.Cli.Shell;

/// <summary>Messages made fit for one line.</summary>
internal static class Sentence
{
    /// <summary>Line breaks and runs of white space become single spaces; a full stop ends it.</summary>
    public static string Flatten(string message)
    {
        var line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 0 && char.IsPunctuation(line[^1]) && line[^1] is not ('\'' or '"' or ')') ? line : line + ".";
    }
}
