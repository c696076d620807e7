using System.Text;

namespace Multihead;

/// <summary>Files that the user named: why one cannot be read is said in one sentence.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for reading, unbuffered.</summary>
    /// <exception cref="MultiheadException">The file is missing, a folder, or cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new MultiheadException($"'{path}' is a folder; give a file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MultiheadException($"There is no file '{path}'; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"'{path}'", e);
        }
    }

    /// <summary>The text of a file of at most <paramref name="largest"/> bytes.</summary>
    /// <exception cref="MultiheadException">The file is missing, too large, cannot be read, or is not UTF-8.</exception>
    public static string ReadText(string path, int largest) => Decode(ReadBytes(path, largest), $"'{path}'");

    /// <summary>UTF-8 as text; <paramref name="source"/> names it in messages.</summary>
    /// <exception cref="MultiheadException">It is not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> utf8, string source)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new MultiheadException($"{source} is not UTF-8 text (a fault near byte {e.Index}); convert it.", e);
        }
    }

    /// <summary>All bytes of a file of at most <paramref name="largest"/> bytes.</summary>
    /// <exception cref="MultiheadException">The file is missing, too large, or cannot be read.</exception>
    public static byte[] ReadBytes(string path, int largest)
    {
        using var file = Open(path);
        try
        {
            if (file.Length > largest)
                throw new MultiheadException($"'{path}' has {file.Length} bytes, above the limit of {largest} for such a file; give "
                    + "the right one.");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable($"'{path}'", e);
        }
    }

    /// <summary>The exception for what was opened and then failed to be read.</summary>
    /// <param name="name">What it is called, in quotation marks where it is a path.</param>
    /// <param name="cause">What the system said.</param>
    public static MultiheadException Unreadable(string name, Exception cause) =>
        new($"Cannot read {name}: {cause.Message.TrimEnd('.')}; check its rights.", cause);
}
