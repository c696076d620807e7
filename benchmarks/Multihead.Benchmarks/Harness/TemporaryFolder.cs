using System.Runtime.InteropServices;

namespace Multihead.Benchmarks.Harness;

/// <summary>A folder that is gone when it is disposed of, or when a signal ends the process before.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("multihead-benchmarks");
    private readonly PosixSignalRegistration[] _signals;

    public TemporaryFolder() => _signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Delete), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Delete)];

    public string FullName => _folder.FullName;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _folder.Delete(recursive: true);
    }

    // The process ends after this.
    private void Delete(PosixSignalContext context) => _folder.Delete(recursive: true);
}
