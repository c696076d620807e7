using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>The lines of a text file in UTF-8, plain or gzipped (by the ending <c>.gz</c>), every byte checked.</summary>
internal static class TextLines
{
    /// <summary>The most UTF-16 code units of a line.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>The most bytes of a file, unpacked: more would not fit into memory as rows, and an archive can hide any size.</summary>
    public const long LargestFile = 4L << 30;

    private const int BufferSize = 1 << 16;
    private const int BytesPerUnit = 3; // UTF-8 takes at most three bytes for a UTF-16 code unit
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. A line ends with LF or CR LF, the last one also with the file; a byte order mark is left out.</summary>
    /// <exception cref="MultiheadException">The file is missing, unreadable, empty, too large, not gzip as it should be, or a
    /// line of it is not UTF-8 or too long.</exception>
    public static List<string> Read(string path, long largestFile = LargestFile)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            var lines = ReadLines(bytes, path, largestFile);
            return lines.Count > 0 ? lines
                : throw new MultiheadException($"The file '{path}' is empty; it should have one text on each line.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MultiheadException($"There is no file '{path}'; check the path.", e);
        }
        catch (InvalidDataException e)
        {
            throw new MultiheadException($"The file '{path}' is not a whole gzip file; copy it again, or take the ending .gz from "
                + "a file that is not compressed.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiheadException($"Cannot read '{path}': {e.Message.TrimEnd('.')}; check that it is a file and its "
                + "rights.", e);
        }
    }

    private static List<string> ReadLines(Stream bytes, string path, long largestFile)
    {
        var lines = new List<string>();
        var line = new MemoryStream(); // what earlier buffers held of the line
        var buffer = new byte[BufferSize];
        long total = 0;
        for (int count; (count = bytes.Read(buffer)) > 0;)
        {
            total += count;
            if (total > largestFile) throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                $"The file '{path}' holds more than {largestFile:N0} bytes; split it and use a part."));
            var rest = buffer.AsSpan(0, count);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                Extend(line, rest[..end], lines.Count + 1, path);
                lines.Add(Decode(line, lines.Count + 1, path));
                line.SetLength(0);
            }
            Extend(line, rest, lines.Count + 1, path);
        }
        if (line.Length > 0) lines.Add(Decode(line, lines.Count + 1, path));
        return lines;
    }

    private static void Extend(MemoryStream line, ReadOnlySpan<byte> part, int number, string path)
    {
        if (line.Length + part.Length > BytesPerUnit * LongestLine + 4) throw TooLong(number, path); // a mark and a CR are free
        line.Write(part);
    }

    private static string Decode(MemoryStream line, int number, string path)
    {
        var bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
        var mark = number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        bytes = bytes[mark..];
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        try
        {
            var text = StrictUtf8.GetString(bytes);
            return text.Length <= LongestLine ? text : throw TooLong(number, path);
        }
        catch (DecoderFallbackException e)
        {
            throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                $"Line {number} of '{path}' is not valid UTF-8 at its byte {mark + e.Index + 1}; convert the file to UTF-8."), e);
        }
    }

    private static MultiheadException TooLong(int number, string path) => new(string.Create(CultureInfo.InvariantCulture,
        $"Line {number} of '{path}' is longer than {LongestLine:N0} characters; it should hold one text of a few sentences."));
}
