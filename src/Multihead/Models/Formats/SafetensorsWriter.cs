using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Multihead.Models.Formats;

/// <summary>Writes safetensors files of 32-bit floats: atomically, in the given order, and without a copy of the data.</summary>
internal static unsafe class SafetensorsWriter
{
    private const int SliceBytes = 16 << 20;

    /// <summary>Writes one file, replacing what was there; a reader, or a killed process, sees the old file or the new.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="tensors">In the order they shall have in the file; names are unique.</param>
    /// <param name="metadata">Free strings; "format" is added as "pt" where absent, since transformers asks for it.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or there twice, or a size is negative.</exception>
    /// <exception cref="MultiheadException">The file cannot be written; the old one is untouched.</exception>
    public static void Write(string path, IReadOnlyList<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        CheckNames(tensors);
        var header = Header(tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var tensor in tensors) WriteData(stream, tensor);
        });
    }

    /// <summary>Checks what no reader would take: empty, reserved and repeated names, and negative sizes.</summary>
    internal static void CheckNames(IReadOnlyList<TensorSource> tensors)
    {
        var names = new HashSet<string>();
        foreach (var tensor in tensors)
        {
            if (tensor.Name is "" or "__metadata__") throw new ArgumentException($"'{tensor.Name}' cannot name a tensor");
            if (!names.Add(tensor.Name)) throw new ArgumentException($"two tensors are named '{tensor.Name}'");
            if (tensor.Shape.Any(size => size < 0)) throw new ArgumentException($"'{tensor.Name}' has a negative size");
        }
    }

    private static byte[] Header(IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", SafetensorsType.Float32);
                WriteNumbers(writer, "shape", tensor.Shape);
                WriteNumbers(writer, "data_offsets", [offset, offset + tensor.ByteCount]);
                writer.WriteEndObject();
                offset += tensor.ByteCount;
            }
            writer.WriteEndObject();
        }
        // Data begin at a multiple of 8, so that readers that map the file find aligned floats.
        while (buffer.WrittenCount % 8 != 0) buffer.Write(" "u8);
        return buffer.WrittenCount <= SafetensorsHeader.LongestHeader ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"{tensors.Count} tensors make a header above the format's limit of 100 MB");
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        writer.WriteStartObject("__metadata__");
        if (metadata?.ContainsKey("format") != true) writer.WriteString("format", "pt");
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    private static void WriteData(Stream stream, TensorSource tensor)
    {
        var data = (byte*)tensor.Data;
        for (var done = 0L; done < tensor.ByteCount; done += SliceBytes)
            stream.Write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(SliceBytes, tensor.ByteCount - done)));
    }
}
