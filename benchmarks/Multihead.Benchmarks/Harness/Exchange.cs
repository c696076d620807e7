using System.Runtime.InteropServices;

namespace Multihead.Benchmarks.Harness;

/// <summary>Arrays of 32-bit floats in a folder, a file each without a header, so that programs of any language can read each
/// other's. Little-endian.</summary>
internal sealed class Exchange
{
    private const string Suffix = ".f32";

    public Exchange(string folder) => Directory.CreateDirectory(Folder = folder);

    public string Folder { get; }

    /// <summary>The arrays that are there, in the order of their names.</summary>
    public IReadOnlyList<string> Names => [.. Directory.EnumerateFiles(Folder, "*" + Suffix)
        .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public void Write(string name, ReadOnlySpan<float> values)
    {
        using var file = File.Create(PathOf(name));
        file.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Fills <paramref name="values"/>, which has the length of the array.</summary>
    public void Read(string name, Span<float> values)
    {
        using var file = File.OpenRead(PathOf(name));
        file.ReadExactly(MemoryMarshal.AsBytes(values));
    }

    public float[] Read(string name)
    {
        var values = new float[new FileInfo(PathOf(name)).Length / sizeof(float)];
        Read(name, values);
        return values;
    }

    private string PathOf(string name) => Path.Combine(Folder, name + Suffix);
}
