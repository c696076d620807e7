using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Resources;

namespace Multihead.Tests.Text.Corpora.Sdk;

/// <summary>Makes the bytes of assemblies that hold nothing but resources, as the compiler makes satellite assemblies.</summary>
internal static class AssemblyImage
{
    /// <summary>An assembly with these resource streams; "name.resources" each.</summary>
    public static byte[] Of(params (string Name, byte[] Bytes)[] streams)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("x.dll"), metadata.GetOrAddGuid(Guid.Empty), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("x"), new Version(1, 0), default, default, 0, AssemblyHashAlgorithm.None);
        var resources = new BlobBuilder();
        foreach (var (name, bytes) in streams)
        {
            resources.Align(8);
            metadata.AddManifestResource(
                ManifestResourceAttributes.Public, metadata.GetOrAddString(name), default, (uint)resources.Count);
            resources.WriteInt32(bytes.Length);
            resources.WriteBytes(bytes);
        }
        var image = new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata),
            ilStream: new BlobBuilder(), managedResources: resources);
        var content = new BlobBuilder();
        image.Serialize(content);
        return content.ToArray();
    }

    /// <summary>A resource stream with these entries, as .NET's own writer makes it.</summary>
    public static byte[] Resources(params (string Name, object? Value)[] entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new ResourceWriter(stream))
            foreach (var (name, value) in entries)
                writer.AddResource(name, value);
        return stream.ToArray();
    }
}
