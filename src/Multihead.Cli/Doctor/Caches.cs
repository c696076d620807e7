using System.Text.Json;
using Multihead.Cli.Output;
using static System.FormattableString;

namespace Multihead.Cli.Doctor;

/// <summary>The data caches of the processor, as CPUID lists them.</summary>
internal static class Caches
{
    private const int IntelLeaf = 4;
    private const int AmdLeaf = unchecked((int)0x8000_001D); // the same layout as Intel's
    private const int InstructionCache = 2;

    /// <summary>All in one line; empty where the processor does not tell.</summary>
    public static string Text => string.Join(", ", List().Select(cache => Invariant($"L{cache.Level} {ByteSize.Text(cache.Bytes)}")));

    /// <summary>Writes their sizes in bytes as "cacheBytes".</summary>
    public static void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject("cacheBytes");
        foreach (var (level, bytes) in List()) json.WriteNumber(Invariant($"L{level}"), bytes);
        json.WriteEndObject();
    }

    /// <summary>Level and size in bytes, from the nearest; empty where the processor does not tell.</summary>
    public static IReadOnlyList<(int Level, long Bytes)> List()
    {
        var intel = ListLeaf(IntelLeaf);
        return intel.Count > 0 ? intel : ListLeaf(AmdLeaf);
    }

    private static List<(int Level, long Bytes)> ListLeaf(int leaf)
    {
        var caches = new List<(int, long)>();
        for (var i = 0; i < 16; i++)
        {
            var (eax, ebx, ecx, _) = Processor.Query(leaf, i);
            var kind = eax & 0x1F;
            if (kind == 0) break; // no more of them
            if (kind == InstructionCache) continue;
            var lineBytes = (ebx & 0xFFF) + 1;
            var partitions = ((ebx >> 12) & 0x3FF) + 1;
            var ways = ((ebx >> 22) & 0x3FF) + 1;
            var sets = (long)(uint)ecx + 1;
            caches.Add(((eax >> 5) & 7, lineBytes * partitions * ways * sets));
        }
        return caches;
    }
}
