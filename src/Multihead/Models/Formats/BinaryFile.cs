using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Multihead.Models.Formats;

/// <summary>An open file of binary data, read at any place and never beyond its end. May be used from many threads at once.
/// </summary>
internal sealed unsafe class BinaryFile : IDisposable
{
    private const int SliceBytes = 64 << 20;
    private const int DecodingBytes = 64 << 10;

    private readonly SafeFileHandle _handle;
    private readonly string _format;

    private BinaryFile(string path, string format, SafeFileHandle handle, long length) =>
        (FilePath, _format, _handle, Length) = (path, format, handle, length);

    /// <summary>Makes floats of whole blocks of bytes.</summary>
    public delegate void Decoder(ReadOnlySpan<byte> source, Span<float> destination);

    /// <summary>The name it was opened by.</summary>
    public string FilePath { get; }

    /// <summary>Bytes, when it was opened.</summary>
    public long Length { get; }

    /// <param name="path">The file.</param>
    /// <param name="format">What the file should be, for messages: "GGUF".</param>
    /// <exception cref="MultiheadException">It is missing, a folder, or cannot be opened.</exception>
    public static BinaryFile Open(string path, string format)
    {
        if (Directory.Exists(path)) throw new MultiheadException($"'{path}' is a folder; give a {format} file.");
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new BinaryFile(path, format, handle, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MultiheadException($"There is no file '{path}'; give the path of a {format} file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw InputFile.Unreadable($"'{path}'", e);
        }
    }

    /// <summary>The one form of every message about a file that is not what it should be.</summary>
    public MultiheadException Fault(string what) =>
        new($"'{FilePath}' is not a usable {_format} file: {what}; it is damaged or cut short, fetch or save it again.");

    /// <summary>Fills <paramref name="destination"/> with what stands at <paramref name="offset"/>.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count;
            try
            {
                count = RandomAccess.Read(_handle, destination, offset);
            }
            catch (IOException e)
            {
                throw InputFile.Unreadable($"'{FilePath}'", e);
            }
            if (count == 0) throw Fault($"it ends at byte {offset}, while being read");
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>Reads 32-bit floats as they are.</summary>
    public void ReadFloats(long offset, long count, float* destination)
    {
        var bytes = count * sizeof(float);
        for (var done = 0L; done < bytes; done += SliceBytes)
            Read(offset + done, new Span<byte>((byte*)destination + done, (int)Math.Min(SliceBytes, bytes - done)));
    }

    /// <summary>Reads blocks of <paramref name="blockBytes"/> bytes that stand for <paramref name="blockLength"/> floats each.
    /// </summary>
    public void ReadBlocks(long offset, long blocks, int blockBytes, int blockLength, Decoder decode, float* destination)
    {
        var most = DecodingBytes / blockBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(DecodingBytes);
        try
        {
            for (var done = 0L; done < blocks; done += most)
            {
                var count = (int)Math.Min(most, blocks - done);
                var slice = buffer.AsSpan(0, count * blockBytes);
                Read(offset + done * blockBytes, slice);
                decode(slice, new Span<float>(destination + done * blockLength, count * blockLength));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
