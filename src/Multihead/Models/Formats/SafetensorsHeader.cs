namespace Multihead.Models.Formats;

/// <summary>The header of a safetensors file, checked as a whole: after <see cref="Parse"/> every entry lies inside the file,
/// and the entries tile the data without overlap or hole.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes before the header: its length as a little-endian unsigned 64-bit number.</summary>
    public const int PrefixBytes = 8;

    /// <summary>The longest header that the format allows.</summary>
    public const long LongestHeader = 100_000_000;

    private SafetensorsHeader(IReadOnlyDictionary<string, string> metadata, List<SafetensorsEntry> entries)
    {
        Metadata = metadata;
        Entries = entries;
    }

    /// <summary>The free strings of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Reads the header of a file of <paramref name="fileLength"/> bytes.</summary>
    /// <param name="json">The header without the prefix.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="fileLength">The length of the whole file in bytes.</param>
    /// <exception cref="MultiheadException">A fault, with tensor, field and byte offset in the file.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string path, long fileLength)
    {
        var parser = new SafetensorsHeaderParser(json, path);
        parser.Run();
        var dataStart = PrefixBytes + json.Length;
        return new SafetensorsHeader(parser.Metadata, Tiled(parser.Entries, path, dataStart, fileLength));
    }

    /// <summary>The one form of every message about a file that cannot be read.</summary>
    public static MultiheadException Fault(string path, string what, Exception? inner = null) =>
        new($"'{path}' is not a usable safetensors file: {what}; it is damaged or cut short, fetch or save it again.", inner);

    private static List<SafetensorsEntry> Tiled(List<SafetensorsEntry> entries, string path, long dataStart, long fileLength)
    {
        entries.Sort(static (a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.ByteCount.CompareTo(b.ByteCount));
        var end = dataStart;
        SafetensorsEntry? before = null;
        foreach (var entry in entries)
        {
            if (entry.Offset != end)
            {
                var place = before is null ? $"the data begin at byte {end}" : $"{Shown.Name(before.Name)} ends at byte {end}";
                throw Fault(path, $"tensor {Shown.Name(entry.Name)}, field 'data_offsets', begins at byte {entry.Offset} of the "
                    + $"file where {place}, which {(entry.Offset < end ? "overlaps" : "leaves a hole")}");
            }
            end += entry.ByteCount;
            if (end > fileLength)
                throw Fault(path, $"tensor {Shown.Name(entry.Name)}, field 'data_offsets', ends at byte {end} but the file has "
                    + $"only {fileLength} bytes");
            before = entry;
        }
        if (end != fileLength) throw Fault(path, $"the tensors end at byte {end} but the file has {fileLength} bytes");
        return entries;
    }
}
