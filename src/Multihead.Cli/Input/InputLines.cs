using System.IO.Compression;
using System.Text;

namespace Multihead.Cli.Input;

/// <summary>Reads the lines of a text file (unpacking <c>.gz</c>), or of standard input, as strict UTF-8, one at a time, so that
/// a pipe is answered line by line and a file of any size takes little memory.</summary>
internal sealed class InputLines
{
    /// <summary>The name that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int LongestLine = 1 << 28; // bytes

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _name;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _start; // of what has not been handed out
    private int _end;
    private long _line;

    private InputLines(string path)
    {
        _name = NameOf(path);
        _stream = Open(path);
    }

    /// <summary>The lines without their ends (LF or CR LF); a byte order mark is passed over.</summary>
    /// <exception cref="MultiheadException">There is no such file, it cannot be unpacked, a line is not UTF-8, or is longer than
    /// 256 MiB.</exception>
    public static IEnumerable<string> Read(string path)
    {
        var lines = new InputLines(path);
        using (lines._stream)
            while (lines.Next() is { } line) yield return line;
    }

    /// <summary>How messages call the file.</summary>
    public static string NameOf(string path) => path == StandardInput ? "Standard input" : $"'{path}'";

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
        var read = Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private int Read(Span<byte> space)
    {
        try
        {
            return _stream.Read(space);
        }
        catch (InvalidDataException e)
        {
            throw new MultiheadException($"{_name} cannot be unpacked after line {_line - 1}: it is damaged, or is no gzip file; "
                + "make it again.", e);
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

    private static Stream Open(string path)
    {
        if (path == StandardInput) return Console.OpenStandardInput();
        if (Directory.Exists(path)) throw new MultiheadException($"'{path}' is a folder; give a text file.");
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MultiheadException($"There is no file '{path}'; check the path.", e);
        }
    }
}
