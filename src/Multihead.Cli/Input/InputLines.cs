using Multihead.Text.Corpora;

namespace Multihead.Cli.Input;

/// <summary>The lines of what a command was given to read: a file, or standard input.</summary>
internal static class InputLines
{
    /// <summary>The name that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>The lines, one at a time as they come.</summary>
    /// <exception cref="MultiheadException">As <see cref="TextLines.Read(string)"/> says.</exception>
    public static IEnumerable<string> Read(string path) =>
        path == StandardInput ? TextLines.Read(Console.OpenStandardInput(), NameOf(path)) : TextLines.Read(path);

    /// <summary>How messages call the file.</summary>
    public static string NameOf(string path) => path == StandardInput ? "Standard input" : $"'{path}'";
}
