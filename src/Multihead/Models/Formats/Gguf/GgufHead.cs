using System.Numerics;

namespace Multihead.Models.Formats.Gguf;

/// <summary>What stands before the data of a GGUF file, checked as a whole.</summary>
/// <param name="Metadata">Keys and values.</param>
/// <param name="Entries">The tensors.</param>
internal sealed record GgufHead(IReadOnlyDictionary<string, object> Metadata, IReadOnlyList<TensorEntry<GgufType>> Entries)
{
    /// <summary>'GGUF', little-endian.</summary>
    public const uint Magic = 0x46554747;

    /// <summary>Data begin at multiples of this where the metadata don't say another.</summary>
    public const uint DefaultAlignment = 32;

    /// <summary>The key that says the alignment.</summary>
    public const string AlignmentKey = "general.alignment";

    private const int MostDimensions = 4;

    /// <exception cref="MultiheadException">A fault, with its place.</exception>
    public static GgufHead Read(BinaryFile file)
    {
        var cursor = new BinaryCursor(file);
        if (cursor.Next<uint>("the header") != Magic) throw file.Fault("it does not begin with 'GGUF'");
        var version = cursor.Next<uint>("the version");
        if (version is not (2 or 3))
            throw new MultiheadException($"'{file.FilePath}' is a GGUF file of version {version}, and only versions 2 and 3 in "
                + "little-endian order can be read; convert it again.");
        var (tensors, values) = (cursor.Next<long>("the header"), cursor.Next<long>("the header"));
        var metadata = ReadMetadata(cursor, file, values);
        return new GgufHead(metadata, ReadTensors(cursor, file, tensors, AlignmentOf(metadata, file)));
    }

    private static Dictionary<string, object> ReadMetadata(BinaryCursor cursor, BinaryFile file, long count)
    {
        cursor.DemandItems(count, 13, "the metadata");
        var metadata = new Dictionary<string, object>();
        for (var i = 0L; i < count; i++)
        {
            var key = GgufValue.ReadText(cursor, "a key of the metadata");
            var what = $"the metadata's {Shown.Name(key)}";
            if (!metadata.TryAdd(key, GgufValue.Read(cursor, file, cursor.Next<uint>(what), what)))
                throw file.Fault($"{what} is there twice, the second time before byte {cursor.Position}");
        }
        return metadata;
    }

    private static uint AlignmentOf(Dictionary<string, object> metadata, BinaryFile file)
    {
        if (!metadata.TryGetValue(AlignmentKey, out var value)) return DefaultAlignment;
        return value is uint alignment && BitOperations.IsPow2(alignment) ? alignment
            : throw file.Fault($"{AlignmentKey} is not a power of two");
    }

    private static List<TensorEntry<GgufType>> ReadTensors(BinaryCursor cursor, BinaryFile file, long count, uint alignment)
    {
        cursor.DemandItems(count, 24, "the table of tensors");
        var entries = new List<TensorEntry<GgufType>>();
        for (var i = 0L; i < count; i++) entries.Add(ReadTensor(cursor, file));
        var dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Offset % alignment != 0 || entry.Offset < 0 || entry.ByteCount > file.Length - dataStart
                || entry.Offset > file.Length - dataStart - entry.ByteCount)
                throw file.Fault($"tensor {Shown.Name(entry.Name)} of {entry.ByteCount} bytes should begin at byte "
                    + $"{(ulong)entry.Offset} of the data, which begin at byte {dataStart} of {file.Length} and are aligned to "
                    + $"{alignment}");
            entries[i] = entry with { Offset = dataStart + entry.Offset };
        }
        return entries;
    }

    // Its offset is that in the data.
    private static TensorEntry<GgufType> ReadTensor(BinaryCursor cursor, BinaryFile file)
    {
        var name = GgufValue.ReadText(cursor, "a tensor's name");
        var what = $"tensor {Shown.Name(name)}";
        var rank = cursor.Next<uint>(what);
        if (rank > MostDimensions) throw file.Fault($"{what} has {rank} dimensions, more than {MostDimensions}");
        var shape = cursor.Array<long>(rank, what);
        Array.Reverse(shape); // innermost first in the file
        var (type, offset) = (cursor.Next<GgufType>(what), cursor.Next<long>(what));
        var elements = TensorShape.Count(shape) ?? throw file.Fault($"{what} has the shape {Shown.Shape(shape)}");
        if (GgufBlock.Of(type) is not { } block) return new(name, shape, type, offset, 0);
        if (block.Length > 1 && (rank == 0 || shape[^1] % block.Length != 0))
            throw file.Fault($"{what} of shape {Shown.Shape(shape)} has rows that are not whole blocks of "
                + $"{block.Length} elements");
        return new(name, shape, type, offset, elements / block.Length * block.Bytes);
    }
}
