using System.Buffers.Binary;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Walks the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding) in their order.</summary>
/// <param name="file">The file's path, for errors.</param>
/// <param name="message">The message's bytes.</param>
/// <param name="origin">Where in the file they start.</param>
internal ref struct ProtobufReader(string file, ReadOnlySpan<byte> message, int origin)
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
    private readonly ReadOnlySpan<byte> _message = message;
    private int _next;
    private int _wire;
    private ulong _number;
    private Range _value;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Reads the next field; false at the end.</summary>
    public bool Read()
    {
        if (_next == _message.Length) return false;
        var key = ReadVarint();
        if (key >> 3 is 0 or > 0x1FFFFFFF) throw Defect("has a field number out of range");
        (Field, _wire) = ((int)(key >> 3), (int)(key & 7));
        ulong length = _wire switch
        {
            Varint => 0,
            Fixed64 => 8,
            Fixed32 => 4,
            Bytes => ReadVarint(),
            _ => throw Defect($"has a field of wire type {_wire}, which isn't in use"),
        };
        if (_wire == Varint) _number = ReadVarint();
        if (length > (ulong)(_message.Length - _next)) throw Defect($"has a field of {length} bytes that ends beyond it");
        _value = _next..(_next + (int)length);
        _next += (int)length;
        return true;
    }

    /// <summary>The field's whole number, negative ones as 64-bit two's complement.</summary>
    public readonly int Int() => _wire == Varint && (long)_number is >= int.MinValue and <= int.MaxValue and var number
        ? (int)number : throw Defect("is not a whole number of 32 bits");

    /// <summary>The field's truth value.</summary>
    public readonly bool Flag() => _wire == Varint ? _number != 0 : throw Defect("is not true or false");

    /// <summary>The field's number of 32 bits.</summary>
    public readonly float Float() => _wire == Fixed32 && BinaryPrimitives.ReadSingleLittleEndian(_message[_value]) is var number
        && float.IsFinite(number) ? number : throw Defect("is not a finite number");

    /// <summary>The field's bytes.</summary>
    public readonly ReadOnlySpan<byte> Block() => _wire == Bytes ? _message[_value] : throw Defect("is not a block of bytes");

    /// <summary>The field's text.</summary>
    public readonly string Text() => System.Text.Unicode.Utf8.IsValid(Block())
        ? Encoding.UTF8.GetString(Block()) : throw Defect("is not valid UTF-8");

    /// <summary>The field's message.</summary>
    public readonly ProtobufReader Message() => new(file, Block(), origin + _value.Start.Value);

    /// <summary>The exception that says what is wrong with the field read last.</summary>
    public readonly MultiheadException Defect(string problem) => new($"'{file}' cannot be used as a tokenizer: field {Field} "
        + $"{problem} (at byte {origin + _next}); it is damaged or no SentencePiece model, fetch it again.");

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70 && _next < _message.Length; shift += 7)
        {
            var part = _message[_next++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw Defect("has a number that doesn't end");
    }
}
