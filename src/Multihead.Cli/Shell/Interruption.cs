using System.Runtime.InteropServices;

namespace Multihead.Cli.Shell;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancelled token, so that a command can save and end in its own time; the
/// second one ends the process at once. Signals keep their usual effect until somebody listens.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new(); // not disposed: a late signal may still cancel it
    private PosixSignalRegistration? _interrupt;
    private PosixSignalRegistration? _terminate;

    /// <summary>Takes the signals over, the first time, and returns the token that they cancel.</summary>
    public CancellationToken Listen()
    {
        _interrupt ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        _terminate ??= PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return _source.Token;
    }

    public void Dispose()
    {
        _interrupt?.Dispose();
        _terminate?.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        if (_source.IsCancellationRequested) return;
        signal.Cancel = true;
        _source.Cancel();
    }
}
