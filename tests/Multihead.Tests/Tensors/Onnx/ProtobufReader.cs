using System.Buffers.Binary;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Walks over the fields of one protobuf message, https://protobuf.dev/programming-guides/encoding. A field that runs
/// over the message's end is an error, never a read beyond it.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field at hand.</summary>
    public int Field { get; private set; }

    /// <summary>Its value where it is a number of any wire type: the bits.</summary>
    public long Number { get; private set; }

    /// <summary>Its value where it is text, bytes, a message or packed numbers; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value where it is a float.</summary>
    public readonly float Float => BitConverter.Int32BitsToSingle((int)Number);

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var key = Varint();
        (Field, Number) = (checked((int)(key >> 3)), 0);
        Bytes = default;
        switch (key & 7)
        {
            case 0: Number = (long)Varint(); break;
            case 1: Number = BinaryPrimitives.ReadInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadInt32LittleEndian(Take(4)); break;
            default: throw new InvalidDataException($"wire type {key & 7}");
        }
        return true;
    }

    /// <summary>The numbers of a repeated field of varints, packed or alone.</summary>
    public readonly IEnumerable<long> Numbers()
    {
        if (Bytes.IsEmpty) return [Number];
        var packed = new ProtobufReader(Bytes);
        List<long> numbers = [];
        while (!packed._rest.IsEmpty) numbers.Add((long)packed.Varint());
        return numbers;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("a number of more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new InvalidDataException($"{count} bytes wanted, {_rest.Length} left");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
