using Microsoft.Win32.SafeHandles;

namespace Multihead.Training.Reports;

/// <summary>The CSV of a training run, appended to in place: rows wait in memory until a checkpoint flushes them, and resuming
/// from that checkpoint cuts off what came after it. So a run killed at any moment and resumed leaves the file that a run
/// never stopped would have left.</summary>
internal sealed class LossLog : IDisposable
{
    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly byte[] waiting = new byte[1 << 16];
    private int waitingLength;
    private long length;

    private LossLog(string path, SafeFileHandle file, long length) => (this.path, this.file, this.length) = (path, file, length);

    /// <summary>Opens the log to go on after a step: rows up to it stay, later ones and a torn last line are cut off. After
    /// step 0 the log begins anew.</summary>
    /// <exception cref="MultiheadException">The file cannot be written or is not a loss log; it is then as it was.</exception>
    public static LossLog Open(string path, long resumeAtStep)
    {
        SafeFileHandle? file = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var kept = LossLogReader.Scan(file, path, resumeAtStep, _ => { });
            RandomAccess.SetLength(file, kept);
            var log = new LossLog(path, file, kept);
            if (kept == 0) log.AppendHeader();
            return log;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw Unwritable(path, e);
            throw;
        }
    }

    /// <summary>All rows of a log; a torn last line, as in a log that is being written, is left out.</summary>
    /// <exception cref="MultiheadException">The file is missing or is not a loss log.</exception>
    public static List<LossRow> Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var rows = new List<LossRow>();
            LossLogReader.Scan(file, path, long.MaxValue, rows.Add);
            return rows;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiheadException($"Cannot read the loss log '{path}': {e.Message.TrimEnd('.')}; check the path.", e);
        }
    }

    /// <summary>Adds a row; allocates nothing.</summary>
    /// <exception cref="MultiheadException">The rows that wait had to be written, and could not be.</exception>
    public void Append(in LossRow row)
    {
        if (waiting.Length - waitingLength < LossRow.MaximumBytes) WriteWaiting();
        waitingLength += row.Format(waiting.AsSpan(waitingLength));
    }

    /// <summary>Puts all rows onto the disk: before the checkpoint that a run may resume from is made the last.</summary>
    /// <exception cref="MultiheadException">They cannot be written.</exception>
    public void Flush()
    {
        WriteWaiting();
        try { RandomAccess.FlushToDisk(file); }
        catch (IOException e) { throw Unwritable(path, e); }
    }

    /// <summary>Writes what waits and closes the file.</summary>
    public void Dispose()
    {
        if (file.IsClosed) return;
        try { WriteWaiting(); }
        finally { file.Dispose(); }
    }

    private void AppendHeader()
    {
        waitingLength = System.Text.Encoding.ASCII.GetBytes(LossRow.Header, waiting);
        waiting[waitingLength++] = (byte)'\n';
    }

    private void WriteWaiting()
    {
        try { RandomAccess.Write(file, waiting.AsSpan(0, waitingLength), length); }
        catch (IOException e) { throw Unwritable(path, e); }
        length += waitingLength;
        waitingLength = 0;
    }

    private static MultiheadException Unwritable(string path, Exception e) => new(
        $"Cannot write the loss log '{path}': {e.Message.TrimEnd('.')}; check the folder's rights and the space left on the "
        + "disk.", e);
}
