namespace Multihead.Training;

/// <summary>Holds the folder of a run, so that no two processes write into it; however a process ends, its claim ends with it.
/// Folders that it made and that are still empty in the end go again.</summary>
internal sealed class RunClaim : IDisposable
{
    private readonly List<string> _made = []; // innermost first
    private readonly FileStream _lock;

    /// <summary>Makes the folder where it is missing, and claims it.</summary>
    /// <exception cref="MultiheadException">Nothing can be written there, or another process learns in it.</exception>
    public RunClaim(RunFolder folder)
    {
        for (var path = folder.Training; path is not null && !Path.Exists(path); path = Path.GetDirectoryName(path))
            _made.Add(path);
        try
        {
            Directory.CreateDirectory(folder.Training);
            _lock = new FileStream(Path.Combine(folder.Training, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RemoveEmpty();
            throw new MultiheadException(IsSharingViolation(e)
                ? $"Another process is learning in '{folder.Root}'; wait for its end, or give another folder by --out."
                : $"Cannot write to the folder '{folder.Root}': {e.Message.TrimEnd('.')}; check its rights and the space left on "
                    + "the disk, or give another folder by --out.", e);
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        RemoveEmpty();
    }

    // ERROR_SHARING_VIOLATION; EWOULDBLOCK of Linux and of macOS and the BSDs.
    private static bool IsSharingViolation(Exception e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;

    private void RemoveEmpty()
    {
        try
        {
            foreach (var path in _made) Directory.Delete(path);
        }
        catch (IOException) { /* it holds something now */ }
    }
}
