namespace Multihead.Cli.Output;

/// <summary>Says on standard error what goes on, once it has taken a second: work that is done or fails sooner is not announced.
/// </summary>
internal sealed class LateNote : IDisposable
{
    private readonly Timer _timer;

    public LateNote(string line) =>
        _timer = new Timer(_ => Console.Error.WriteLine(line), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
