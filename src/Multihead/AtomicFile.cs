using System.Text.RegularExpressions;

namespace Multihead;

/// <summary>Writes a file so that a reader, or a process killed at any moment, sees the old content or the new, never a part:
/// into a neighbour, flushed to the disk, then renamed over the old name.</summary>
internal static partial class AtomicFile
{
    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> puts into the stream; creates the folder.</summary>
    /// <exception cref="MultiheadException">The folder cannot be written, or the disk is full; the old file is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        path = Path.GetFullPath(path);
        var neighbour = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            if (IsDevice(path))
            {
                using var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                write(device);
                return;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var stream = new FileStream(neighbour, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(neighbour, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(neighbour);
            throw new MultiheadException($"Cannot write '{path}': {e.Message.TrimEnd('.')}; check the folder's rights and the "
                + "space left on the disk.", e);
        }
        catch
        {
            TryDelete(neighbour);
            throw;
        }
    }

    /// <summary>As <see cref="Write"/>, for text in UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Removes what writers that were killed left in a folder; nobody may be writing there.</summary>
    public static void RemoveTorn(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.EnumerateFiles(folder, "*.tmp"))
            if (TornName().IsMatch(Path.GetFileName(path))) File.Delete(path);
    }

    [GeneratedRegex(@"\.[0-9]+-[0-9]+\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex TornName();

    // What stands there is no file to be replaced: root could, and would lose /dev/null.
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static void TryDelete(string path)
    {
        try { File.Delete(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the first failure is the one to tell */ }
    }
}
