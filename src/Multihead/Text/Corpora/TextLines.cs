using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>Reads the lines of a text file (unpacking <c>.gz</c>) or of a stream as strict UTF-8, one at a time, so that a pipe
/// is answered line by line and a file of any size takes little memory.</summary>
internal sealed class TextLines
{
    /// <summary>The most memory that <see cref="ReadAll"/> takes for lines: an archive can hide any size.</summary>
    public const long LargestText = 8L << 30; // bytes

    private const int LongestLine = 1 << 28; // bytes
    private const int LineOverhead = 32; // bytes of memory that an empty line takes at most

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _name;
    private readonly Stream _bytes;
    private byte[] _buffer = new byte[1 << 16];
    private int _start; // of what has not been handed out
    private int _end;
    private long _line;

    private TextLines(Stream bytes, string name) => (_bytes, _name) = (bytes, name);

    /// <summary>The lines without their ends (LF or CR LF); the last one may lack its end; a byte order mark is passed over.
    /// </summary>
    /// <exception cref="MultiheadException">There is no such file, it cannot be read or unpacked, a line is not UTF-8, or is
    /// longer than 256 MiB.</exception>
    public static IEnumerable<string> Read(string path)
    {
        var file = InputFile.Open(path);
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        foreach (var line in Read(isPacked ? new WholeGzipStream(file) : file, $"'{path}'")) yield return line;
    }

    /// <summary>As the other, of a stream, which it closes; <paramref name="name"/> is what messages call it.</summary>
    public static IEnumerable<string> Read(Stream bytes, string name)
    {
        var lines = new TextLines(bytes, name);
        using (bytes)
            while (lines.Next() is { } line) yield return line;
    }

    /// <summary>All lines of a file, one at least.</summary>
    /// <exception cref="MultiheadException">As for <see cref="Read(string)"/>; or the file is empty, or too large.</exception>
    public static List<string> ReadAll(string path, long largestText = LargestText)
    {
        var lines = new List<string>();
        var taken = 0L;
        foreach (var line in Read(path))
        {
            taken += sizeof(char) * line.Length + LineOverhead;
            if (taken > largestText)
                throw new MultiheadException($"The lines of '{path}' would take more than {largestText} bytes of memory; split the "
                    + "file and use a part.");
            lines.Add(line);
        }
        return lines.Count > 0 ? lines
            : throw new MultiheadException($"'{path}' is empty; it should have one text on each line.");
    }

    private string? Next()
    {
        _line++;
        for (var searched = _start; ;)
        {
            var found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = Decode(_buffer.AsSpan(_start, searched + found - _start));
                _start = searched + found + 1;
                return line;
            }
            var pending = _end - _start;
            if (!Fill())
            {
                _start = _end = 0;
                return pending == 0 ? null : Decode(_buffer.AsSpan(0, pending));
            }
            searched = pending;
        }
    }

    /// <summary>Moves what is pending to the front of the buffer and reads more behind it; false where the file ends.</summary>
    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == LongestLine)
            throw new MultiheadException($"{_name}, line {_line}, is longer than {LongestLine} bytes; is it a text file?");
        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _end);
        var read = ReadBytes(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private int ReadBytes(Span<byte> space)
    {
        try
        {
            return _bytes.Read(space);
        }
        catch (InvalidDataException e)
        {
            throw new MultiheadException($"{_name} cannot be unpacked after line {_line - 1}: it is damaged, or is no gzip file; "
                + "make it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(_name, e);
        }
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        if (_line == 1 && bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new MultiheadException($"{_name}, line {_line}, is not valid UTF-8 at byte {e.Index} of the line; "
                + "convert it to UTF-8.", e);
        }
    }
}
