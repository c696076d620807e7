using System.Buffers.Binary;
using System.Text;

namespace Multihead.Benchmarks.Libtorch;

/// <summary>Lets a shared library load that asks for a version of another library which is newer than the installed one, where
/// it asks for it by name alone and needs none of its symbols: marks that requirement weak (VER_FLG_WEAK), so that the loader
/// only warns. TorchSharp 0.107.0 asks libstdc++ for GLIBCXX_3.4.32 in this way. The format: "Linux Standard Base Core
/// Specification", symbol versioning; 64-bit little-endian files only.</summary>
internal static class WeakVersion
{
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2;

    /// <summary>Marks the requirement in the file, unless it is marked. The file is replaced by a changed copy and never written
    /// to, since other folders, or a running process, may share it.</summary>
    /// <param name="path">The library that asks.</param>
    /// <param name="version">What it asks for.</param>
    /// <exception cref="NotSupportedException">It does not ask for that version.</exception>
    public static void Allow(string path, string version)
    {
        var file = File.ReadAllBytes(path);
        var flags = FlagsOf(file, version)
            ?? throw new NotSupportedException($"{Path.GetFileName(path)} does not ask for {version}");
        if ((file[flags] & Weak) != 0) return;
        file[flags] |= (byte)Weak;
        var copy = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(copy, file);
        File.Move(copy, path, overwrite: true);
    }

    // Where the flags stand of the auxiliary entry (Elf64_Vernaux) with that name.
    private static int? FlagsOf(byte[] file, string version)
    {
        var sections = (int)Word64(file, 0x28); // e_shoff
        var sectionSize = Word16(file, 0x3a);
        var sectionCount = Word16(file, 0x3c);
        for (var i = 0; i < sectionCount; i++)
        {
            var section = sections + i * sectionSize;
            if (Word32(file, section + 4) != VersionNeeds) continue;
            var names = (int)Word64(file, sections + (int)Word32(file, section + 0x28) * sectionSize + 0x18); // of sh_link
            var need = (int)Word64(file, section + 0x18);
            for (uint next = 1; next != 0; need += (int)next)
            {
                var entry = need + (int)Word32(file, need + 8); // vn_aux
                for (var left = Word16(file, need + 2); left > 0; left--)
                {
                    if (Text(file, names + (int)Word32(file, entry + 8)) == version) return entry + 4;
                    entry += (int)Word32(file, entry + 12); // vna_next
                }
                next = Word32(file, need + 12); // vn_next
            }
        }
        return null;
    }

    private static string Text(byte[] file, int start) =>
        Encoding.ASCII.GetString(file, start, Array.IndexOf(file, (byte)0, start) - start);

    private static ushort Word16(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private static uint Word32(byte[] file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));

    private static ulong Word64(byte[] file, int at) => BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
}
