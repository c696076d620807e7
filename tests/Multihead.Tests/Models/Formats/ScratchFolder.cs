namespace Multihead.Tests.Models.Formats;

/// <summary>A folder of its own for a test, removed afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("multihead-").FullName;

    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>The names of the files in it, sorted.</summary>
    public string[] FileNames() =>
        [.. Directory.GetFiles(FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
