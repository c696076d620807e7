using System.Runtime.InteropServices;
using System.Text;

namespace Multihead.Models.Formats.Gguf;

/// <summary>Writes GGUF files of version 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md: atomically, one tensor in
/// memory at a time, quantised as ggml's reference does.</summary>
internal static unsafe class GgufWriter
{
    private const int SliceFloats = 1 << 16;

    /// <summary>Writes one file, replacing what was there; a reader, or a killed process, sees the old file or the new.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <param name="metadata">Keys and values, in the types that <see cref="GgufValue.Read"/> makes; the alignment is the
    /// default.</param>
    /// <param name="tensors">In the order they shall have in the file.</param>
    /// <exception cref="ArgumentException">A value of another type, a tensor of a type that cannot be written or of a shape
    /// that its type does not have, or a name that is there twice.</exception>
    /// <exception cref="MultiheadException">The file cannot be written; the old one is untouched.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, object> metadata, IReadOnlyList<GgufSource> tensors)
    {
        var head = Head(metadata, tensors);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            foreach (var tensor in tensors) WriteData(stream, tensor);
        });
    }

    private static byte[] Head(IReadOnlyDictionary<string, object> metadata, IReadOnlyList<GgufSource> tensors)
    {
        if (metadata.ContainsKey(GgufHead.AlignmentKey)) throw new ArgumentException("the alignment is the writer's own");
        var names = new HashSet<string>();
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(GgufHead.Magic);
        writer.Write(3u);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            WriteText(writer, key);
            WriteValue(writer, value);
        }
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name)) throw new ArgumentException($"two tensors are named '{tensor.Name}'");
            WriteText(writer, tensor.Name);
            writer.Write(tensor.Shape.Length);
            foreach (var size in tensor.Shape.Reverse()) writer.Write(size); // innermost first in the file
            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset += Padded(ByteCount(tensor));
        }
        writer.Write(new byte[Padded(memory.Length) - memory.Length]);
        return memory.ToArray();
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        if (value is Array array)
        {
            writer.Write(GgufValue.Array);
            writer.Write(TypeOf(array.GetType().GetElementType()!));
            writer.Write((long)array.Length);
            foreach (var item in array) WriteItem(writer, item);
            return;
        }
        writer.Write(TypeOf(value.GetType()));
        WriteItem(writer, value);
    }

    private static uint TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 0,
        TypeCode.SByte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.Int16 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Boolean => 7,
        TypeCode.String => GgufValue.Text,
        TypeCode.UInt64 => 10,
        TypeCode.Int64 => 11,
        TypeCode.Double => 12,
        _ => throw new ArgumentException($"GGUF has no values of the type {type}"),
    };

    private static void WriteItem(BinaryWriter writer, object item)
    {
        switch (item)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case string v: WriteText(writer, v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case double v: writer.Write(v); break;
        }
    }

    private static void WriteData(Stream stream, GgufSource tensor)
    {
        var block = GgufBlock.Of(tensor.Type)!;
        var count = tensor.Shape.Aggregate(1L, (product, size) => product * size);
        var values = (float*)NativeMemory.Alloc((nuint)Math.Max(1, count), sizeof(float));
        try
        {
            tensor.Fill(values);
            var bytes = new byte[SliceFloats / block.Length * block.Bytes];
            for (var done = 0L; done < count; done += SliceFloats)
            {
                var slice = new ReadOnlySpan<float>(values + done, (int)Math.Min(SliceFloats, count - done));
                var encoded = bytes.AsSpan(0, slice.Length / block.Length * block.Bytes);
                Encode(tensor.Type, slice, encoded);
                stream.Write(encoded);
            }
        }
        finally
        {
            NativeMemory.Free(values);
        }
        var written = ByteCount(tensor);
        stream.Write(new byte[Padded(written) - written]);
    }

    private static void Encode(GgufType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        switch (type)
        {
            case GgufType.F32: MemoryMarshal.AsBytes(source).CopyTo(destination); break;
            case GgufType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(destination);
                for (var i = 0; i < source.Length; i++) halves[i] = (Half)source[i];
                break;
            case GgufType.Q8_0: GgufQ8_0.Encode(source, destination); break;
            case GgufType.Q4_0: GgufQ4_0.Encode(source, destination); break;
        }
    }

    private static long ByteCount(GgufSource tensor)
    {
        if (tensor.Type is not (GgufType.F32 or GgufType.F16 or GgufType.Q8_0 or GgufType.Q4_0))
            throw new ArgumentException($"tensors of type {tensor.Type} cannot be written");
        var block = GgufBlock.Of(tensor.Type)!;
        if (tensor.Shape.Length is < 1 or > 4 || tensor.Shape[^1] % block.Length != 0)
            throw new ArgumentException($"'{tensor.Name}' of shape {Shown.Shape(tensor.Shape)} cannot be of type {tensor.Type}");
        return checked(tensor.Shape.Aggregate(1L, (product, size) => checked(product * size)) / block.Length * block.Bytes);
    }

    private static long Padded(long bytes) => (bytes + GgufHead.DefaultAlignment - 1) & -(long)GgufHead.DefaultAlignment;
}
