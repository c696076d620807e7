namespace Multihead.Cli.Shell;

/// <summary>Command lines of this tool that work where it was started: installed or not, from the folder that it was started in.
/// </summary>
internal static class OwnCommand
{
    private const string Name = "multihead";

    private static readonly char[] Plain = [.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%"];

    /// <summary>The whole line, words quoted where a shell wants it.</summary>
    public static string Line(params ReadOnlySpan<string> words)
    {
        var line = Start();
        foreach (var word in words) line += " " + Quote(word);
        return line;
    }

    /// <summary>A word as a shell reads it back.</summary>
    internal static string Quote(string word)
    {
        var plain = OperatingSystem.IsWindows() ? [.. Plain, '\\'] : Plain;
        if (word.Length > 0 && word.AsSpan().IndexOfAnyExcept(plain) < 0) return word;
        var inDouble = OperatingSystem.IsWindows() || word.AsSpan().IndexOfAny("\"$`\\!") < 0;
        return inDouble ? $"\"{word}\"" : $"'{word.Replace("'", @"'\''")}'";
    }

    private static string Start()
    {
        var program = Environment.ProcessPath;
        if (program is null) return Name;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Path.GetFileNameWithoutExtension(program) != Name) // the library runs in a host: "dotnet multihead.dll"
            return $"dotnet {Quote(Shorter(Path.Combine(AppContext.BaseDirectory, Name + ".dll")))}";
        return folders.Contains(Path.GetDirectoryName(program)) ? Name : Quote(Shorter(program));
    }

    private static string Shorter(string path)
    {
        var relative = Path.GetRelativePath(".", path);
        if (!relative.Contains(Path.DirectorySeparatorChar)) relative = Path.Combine(".", relative);
        return relative.Length < path.Length ? relative : path;
    }
}
