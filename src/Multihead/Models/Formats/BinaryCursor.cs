using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Multihead.Models.Formats;

/// <summary>Reads a file's head value by value, little-endian, up to an end. Nothing is allocated that the bytes left do not
/// warrant.</summary>
internal sealed class BinaryCursor
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly BinaryFile _file;
    private readonly byte[] _buffer;
    private long _bufferStart;
    private int _filled;

    public BinaryCursor(BinaryFile file)
    {
        _file = file;
        _buffer = new byte[(int)Math.Min(file.Length, 32 << 10)];
    }

    /// <summary>Where the next value stands, in bytes from the beginning of the file.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes behind <see cref="Position"/>.</summary>
    public long Left => _file.Length - Position;

    /// <summary>The next value, which messages call <paramref name="what"/>.</summary>
    public T Next<T>(string what) where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        Demand(size, what);
        if (Position < _bufferStart || Position + size > _bufferStart + _filled)
        {
            _bufferStart = Position;
            _filled = (int)Math.Min(_buffer.Length, Left);
            _file.Read(Position, _buffer.AsSpan(0, _filled));
        }
        var value = MemoryMarshal.Read<T>(_buffer.AsSpan((int)(Position - _bufferStart), size));
        Position += size;
        return value;
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(long count, string what)
    {
        Demand(count, what);
        Position += count;
    }

    /// <summary>The next so many values.</summary>
    public T[] Array<T>(long count, string what) where T : unmanaged
    {
        DemandItems(count, Unsafe.SizeOf<T>(), what);
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        var buffered = Position - _bufferStart;
        if (buffered >= 0 && buffered + bytes.Length <= _filled) _buffer.AsSpan((int)buffered, bytes.Length).CopyTo(bytes);
        else _file.Read(Position, bytes);
        Position += bytes.Length;
        return values;
    }

    /// <summary>The next bytes as UTF-8.</summary>
    public string Text(long byteCount, string what)
    {
        var start = Position;
        try
        {
            return Utf8.GetString(Array<byte>(byteCount, what));
        }
        catch (DecoderFallbackException)
        {
            throw _file.Fault($"{what} at byte {start} is not valid UTF-8");
        }
    }

    /// <summary>Makes sure that so many items can follow, each of some bytes at least.</summary>
    public void DemandItems(long count, int leastBytes, string what)
    {
        if (count < 0 || count > Left / leastBytes || count > System.Array.MaxLength / leastBytes)
            throw _file.Fault($"{what} at byte {Position} should be {(ulong)count} long and {Left} bytes are left");
    }

    private void Demand(long count, string what)
    {
        if (count < 0 || count > Left)
            throw _file.Fault($"it ends at byte {_file.Length}, inside {what}, which begins at byte {Position}");
    }
}
