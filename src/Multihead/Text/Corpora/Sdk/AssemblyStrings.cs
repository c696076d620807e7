using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Multihead.Text.Corpora.Sdk;

/// <summary>Reads the text resources embedded in a .NET assembly from its file, without loading the assembly.</summary>
internal static class AssemblyStrings
{
    /// <summary>The text entries of every resource stream: the stream's name, then the entry's name and text; in the
    /// assembly's order. Nothing for a file that holds no managed code.</summary>
    /// <exception cref="MultiheadException">The file cannot be read or is damaged.</exception>
    public static List<(string Stream, List<KeyValuePair<string, string>> Strings)> Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var image = new PEReader(file);
            return image.HasMetadata ? ReadStreams(image, path) : [];
        }
        catch (Exception e) when (e is BadImageFormatException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw new MultiheadException($"Cannot read the assembly '{path}': {e.Message.TrimEnd('.')}; reinstall what it "
                + "belongs to.", e);
        }
    }

    private static unsafe List<(string Stream, List<KeyValuePair<string, string>> Strings)> ReadStreams(
        PEReader image, string path)
    {
        var streams = new List<(string, List<KeyValuePair<string, string>>)>();
        if (image.PEHeaders.CorHeader is not { ResourcesDirectory: { Size: > 0, RelativeVirtualAddress: > 0 } directory })
            return streams;
        var section = image.GetSectionData(directory.RelativeVirtualAddress);
        var resources = new ReadOnlySpan<byte>(section.Pointer, Math.Min(section.Length, directory.Size));

        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            var name = metadata.GetString(resource.Name);
            if (!resource.Implementation.IsNil || !name.EndsWith(".resources", StringComparison.Ordinal)) continue;
            var where = $"'{name}' of '{path}'";
            var cursor = new ByteCursor(resources, where);
            cursor.MoveTo(resource.Offset);
            streams.Add((name, ResourceStrings.Read(cursor.Bytes(cursor.Count()), where)));
        }
        return streams;
    }
}
