using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>The lines of a text file in strict UTF-8 (.gz too): a byte order mark is passed over, lines end with LF or CRLF.
/// </summary>
public static class TextLines
{
    /// <summary>Bytes that a line may have; a longer one is no sentence but a mistake.</summary>
    public const int LongestLine = 4 << 20;

    /// <summary>Reads all lines.</summary>
    /// <exception cref="MultiheadException">The file is missing or unreadable, or a line is not UTF-8 or too long: the file and
    /// the line are named.</exception>
    public static List<string> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            return [.. Read(stream, path)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MultiheadException($"There is no file '{path}'; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new MultiheadException($"Cannot read '{path}': {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }

    /// <summary>Reads lines as they come.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="MultiheadException">As for a file.</exception>
    public static IEnumerable<string> Read(Stream stream, string name)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var buffer = new byte[1 << 16];
        var (start, end, number) = (0, 0, 0L);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                if (end - start > LongestLine)
                    throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                        $"'{name}' line {number + 1} has more than {LongestLine} bytes; split it into sentences."));
                if (start > 0) buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var read = stream.Read(buffer, end, buffer.Length - end);
                if (read > 0)
                {
                    end += read;
                    continue;
                }
                if (end > start) yield return Decode(strict, buffer.AsSpan(start, end - start), ++number, name);
                yield break;
            }
            yield return Decode(strict, buffer.AsSpan(start, length), ++number, name);
            start += length + 1;
        }
    }

    private static string Decode(UTF8Encoding strict, ReadOnlySpan<byte> line, long number, string name)
    {
        if (number == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
        if (line.EndsWith((byte)'\r')) line = line[..^1];
        try
        {
            return strict.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                $"'{name}' line {number} is not valid UTF-8; convert the file to UTF-8."), e);
        }
    }

    private static bool EndsWith(this ReadOnlySpan<byte> line, byte last) => line.Length > 0 && line[^1] == last;
}
