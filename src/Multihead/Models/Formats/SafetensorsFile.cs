using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Multihead.Models.Formats;

/// <summary>An open safetensors file, https://github.com/huggingface/safetensors: 8 bytes of header length, a JSON header, data.
/// The header is checked when the file is opened; data are read in slices straight to where they belong, so a file that shrinks
/// while it is open is a message and not a crash. May be used from many threads at once.</summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    private const int SliceBytes = 64 << 20;
    private const int WideningBytes = 64 << 10;

    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, SafetensorsEntry> _byName = [];

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header)
    {
        (FilePath, _handle, Metadata, Entries) = (path, handle, header.Metadata, header.Entries);
        foreach (var entry in Entries) _byName.Add(entry.Name, entry);
    }

    /// <summary>The name it was opened by.</summary>
    public string FilePath { get; }

    /// <summary>The free strings of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Opens a file and checks its header; allocates no more than the header's own size warrants.</summary>
    /// <exception cref="MultiheadException">No such file, or a fault with tensor, field and byte offset.</exception>
    public static SafetensorsFile Open(string path)
    {
        var handle = OpenHandle(path, out var length);
        try
        {
            return new SafetensorsFile(path, handle, ReadHeader(path, handle, length));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="MultiheadException">There is none; the nearest name is told.</exception>
    public SafetensorsEntry Find(string name)
    {
        if (_byName.TryGetValue(name, out var entry)) return entry;
        var nearest = NearestName.Of(name, _byName.Keys);
        throw new MultiheadException($"'{FilePath}' has no tensor '{name}' "
            + $"({(nearest is null ? "it holds no tensors at all" : $"the nearest is {Shown.Name(nearest)}")}); "
            + "check that it belongs to this model.");
    }

    /// <summary>Reads a whole tensor as 32-bit floats; F16 and BF16 are widened.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">As many values as the tensor has, in its order.</param>
    /// <exception cref="MultiheadException">No such tensor, another element type, or the file cannot be read.</exception>
    public void ReadFloat32(string name, Span<float> destination)
    {
        fixed (float* pointer = destination) Read(Find(name), pointer, destination.Length);
    }

    /// <summary>Reads a whole tensor as 32-bit floats after checking its shape; F16 and BF16 are widened.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="expectedShape">What the model wants, outermost first.</param>
    /// <param name="destination">Room for the product of <paramref name="expectedShape"/>.</param>
    /// <exception cref="MultiheadException">No such tensor, another shape (both told) or type, or an unreadable file.</exception>
    public void Read(string name, ReadOnlySpan<long> expectedShape, float* destination)
    {
        var entry = Find(name);
        if (!expectedShape.SequenceEqual(entry.Shape))
            throw new MultiheadException($"'{FilePath}' has tensor '{name}' of shape {Shown.Shape(entry.Shape)} but the model "
                + $"wants {Shown.Shape(expectedShape)}; check that config.json belongs to this file.");
        Read(entry, destination, entry.ElementCount);
    }

    /// <summary>As the other, into a span that has room for exactly the tensor.</summary>
    public void Read(string name, ReadOnlySpan<long> expectedShape, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Find(name).ElementCount, nameof(destination));
        fixed (float* pointer = destination) Read(name, expectedShape, pointer);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle OpenHandle(string path, out long length)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            length = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MultiheadException($"There is no file '{path}'; give the path of a safetensors file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw new MultiheadException($"Cannot read '{path}': {e.Message.TrimEnd('.')}; check its rights.", e);
        }
    }

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle handle, long fileLength)
    {
        if (fileLength < SafetensorsHeader.PrefixBytes)
            throw SafetensorsHeader.Fault(path, $"it has {fileLength} bytes, fewer than the 8 of the header's length at byte 0");
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixBytes];
        ReadExactly(path, handle, prefix, 0);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.LongestHeader)
            throw SafetensorsHeader.Fault(path, $"the header's length at byte 0 is {length}, above the format's limit of "
                + $"{SafetensorsHeader.LongestHeader}");
        if (length > (ulong)(fileLength - SafetensorsHeader.PrefixBytes))
            throw SafetensorsHeader.Fault(path, $"the header's length at byte 0 is {length} but the file has {fileLength} bytes");
        var json = new byte[length];
        ReadExactly(path, handle, json, SafetensorsHeader.PrefixBytes);
        return SafetensorsHeader.Parse(json, path, fileLength);
    }

    private void Read(SafetensorsEntry entry, float* destination, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, entry.ElementCount);
        switch (entry.Type)
        {
            case SafetensorsType.Float32: ReadAsItIs(entry, (byte*)destination); break;
            case SafetensorsType.Float16: ReadWidened(entry, destination, FloatWidening.FromFloat16); break;
            case SafetensorsType.BFloat16: ReadWidened(entry, destination, FloatWidening.FromBFloat16); break;
            default:
                throw new MultiheadException($"'{FilePath}' has tensor '{entry.Name}' at byte {entry.Offset} in element type "
                    + $"{entry.Type}, and only F32, F16 and BF16 can be read; save the model in one of these.");
        }
    }

    private void ReadAsItIs(SafetensorsEntry entry, byte* destination)
    {
        for (var done = 0L; done < entry.ByteCount; done += SliceBytes)
        {
            var slice = new Span<byte>(destination + done, (int)Math.Min(SliceBytes, entry.ByteCount - done));
            ReadExactly(FilePath, _handle, slice, entry.Offset + done);
        }
    }

    private delegate void Widening(ReadOnlySpan<byte> source, Span<float> destination);

    private void ReadWidened(SafetensorsEntry entry, float* destination, Widening widen)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WideningBytes);
        try
        {
            for (var done = 0L; done < entry.ByteCount; done += WideningBytes)
            {
                var slice = buffer.AsSpan(0, (int)Math.Min(WideningBytes, entry.ByteCount - done));
                ReadExactly(FilePath, _handle, slice, entry.Offset + done);
                widen(slice, new Span<float>(destination + done / sizeof(ushort), slice.Length / sizeof(ushort)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void ReadExactly(string path, SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            int count;
            try
            {
                count = RandomAccess.Read(handle, destination, offset);
            }
            catch (IOException e)
            {
                throw new MultiheadException($"Cannot read '{path}' at byte {offset}: {e.Message.TrimEnd('.')}; "
                    + "check the disk.", e);
            }
            if (count == 0) throw SafetensorsHeader.Fault(path, $"it ends at byte {offset}, while being read");
            destination = destination[count..];
            offset += count;
        }
    }
}
