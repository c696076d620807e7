namespace Multihead.Tests;

/// <summary>A folder of its own for a test, removed afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("multihead-").FullName;

    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Writes a file in UTF-8 and returns its full path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Writes a file of bytes and returns its full path.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <summary>The names of the files in it, sorted.</summary>
    public string[] FileNames() =>
        [.. Directory.GetFiles(FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
