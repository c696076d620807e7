using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Resources;
using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>The string resources of a .NET assembly, read as data: nothing of it is loaded or run.</summary>
internal static class AssemblyStrings
{
    /// <summary>All strings, by "resource file/key". <paramref name="culture"/> is taken out of resource names, so that a satellite's
    /// keys are its neutral assembly's. Files that are no .NET assembly have none.</summary>
    public static Dictionary<string, string> Read(string path, string culture)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var pe = new PEReader(File.OpenRead(path));
            if (!pe.HasMetadata || pe.PEHeaders.CorHeader is not { } cor) return strings;
            var metadata = pe.GetMetadataReader();
            foreach (var handle in metadata.ManifestResources)
            {
                var resource = metadata.GetManifestResource(handle);
                var name = metadata.GetString(resource.Name);
                if (!resource.Implementation.IsNil || !name.EndsWith(".resources", StringComparison.Ordinal)) continue;
                if (culture.Length > 0)
                    name = name.Replace($".{culture}.resources", ".resources", StringComparison.OrdinalIgnoreCase);
                var block = pe.GetSectionData(cor.ResourcesDirectory.RelativeVirtualAddress);
                var reader = block.GetReader((int)resource.Offset, block.Length - (int)resource.Offset);
                AddStrings(reader.ReadBytes(reader.ReadInt32()), name, strings);
            }
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or ArgumentException or FormatException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            strings.Clear(); // a damaged file of the SDK takes nothing away but its own messages
        }
        return strings;
    }

    private static void AddStrings(byte[] content, string name, Dictionary<string, string> strings)
    {
        using var reader = new ResourceReader(new MemoryStream(content, writable: false));
        var entries = reader.GetEnumerator();
        while (entries.MoveNext())
        {
            var key = (string)entries.Key;
            reader.GetResourceData(key, out var type, out var data);
            if (type != "ResourceTypeCode.String") continue;
            using var text = new BinaryReader(new MemoryStream(data, writable: false), Encoding.UTF8);
            strings[$"{name}/{key}"] = text.ReadString();
        }
    }
}
