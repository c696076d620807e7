using System.Buffers.Binary;

namespace Multihead.Text.Corpora.Sdk;

/// <summary>A place in bytes from outside that only moves within them; every fault names the file and the byte offset.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes, string where)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes before the place.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes after the place.</summary>
    public readonly int Left => _bytes.Length - Position;

    /// <summary>Moves to an offset from the start.</summary>
    public void MoveTo(long position)
    {
        if (position < 0 || position > _bytes.Length) throw Fault($"it points to byte {position}");
        Position = (int)position;
    }

    /// <summary>Moves on.</summary>
    public void Skip(int count) => Bytes(count);

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Left) throw Fault($"{count} bytes are wanted");
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Four bytes, little-endian.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    /// <summary>Four bytes that count something: no more than there are bytes in all.</summary>
    public int Count()
    {
        var count = UInt32();
        return count <= (uint)_bytes.Length ? (int)count : throw Fault($"a count of {count} is too large");
    }

    /// <summary>A number in groups of seven bits, the lowest first.</summary>
    public long Number()
    {
        var number = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Bytes(1)[0];
            number |= (long)(part & 0x7F) << shift;
            if (part < 0x80) return number;
        }
        throw Fault("a number has more than five bytes");
    }

    /// <summary>A <see cref="Number"/> that is a length: no more than the bytes left.</summary>
    public int Length()
    {
        var length = Number();
        return length <= Left ? (int)length : throw Fault($"a length of {length} bytes is too large");
    }

    /// <summary>The error to throw at this place.</summary>
    public readonly MultiheadException Fault(string what) => new(
        $"The resources in {where} are damaged at byte {Position} of {_bytes.Length}: {what}; reinstall what they belong to.");
}
