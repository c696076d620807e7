using Multihead.Cli.Output;

namespace Multihead.Cli.Input;

/// <summary>A whole text from a file or standard input.</summary>
internal static class InputText
{
    private const int Largest = 100_000_000; // bytes

    /// <summary>Reads a file as it is.</summary>
    /// <exception cref="MultiheadException">It is missing, not UTF-8, or too long.</exception>
    public static string ReadFile(string path) => InputFile.ReadText(path, Largest);

    /// <summary>Reads standard input to its end; a line break at the very end, which shells add, is no part of the text.</summary>
    /// <exception cref="MultiheadException">It is not UTF-8, or too long.</exception>
    public static string ReadStandardInput(ToolOutput output)
    {
        if (!Console.IsInputRedirected)
            output.Note($"Type a text; {(OperatingSystem.IsWindows() ? "Ctrl-Z" : "Ctrl-D")} ends it.");
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        var buffer = new byte[65_536];
        for (int count; (count = input.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > Largest)
                throw new MultiheadException($"Standard input has more than {Largest} bytes, the most that is read; give less text.");
        }
        var text = InputFile.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), "Standard input");
        return text.EndsWith('\n') ? text[..^1] : text;
    }
}
