namespace Multihead.Cli.Tests;

/// <summary>A folder of its own for one test, deleted after it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("multihead-").FullName;

    /// <summary>The full path of a name in it.</summary>
    public string this[string name] => Path.Combine(_path, name);

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

    /// <summary>Copies a folder with all below it and returns the copy's full path.</summary>
    public string Copy(string folder, string name)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(this[name], Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
