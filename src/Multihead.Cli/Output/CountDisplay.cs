using System.Diagnostics;
using System.Globalization;

namespace Multihead.Cli.Output;

/// <summary>How many of a known number are done and how long the rest may take, on standard error: for work of more than two
/// seconds, and silent for less.</summary>
internal sealed class CountDisplay(ToolOutput output, string done, int total) : IProgress<int>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Live = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Logged = TimeSpan.FromSeconds(15);

    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = !Console.IsErrorRedirected ? Patience / 2 : Logged;
    private bool _shown;

    /// <summary>Since the work began.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <inheritdoc/>
    public void Report(int value)
    {
        var elapsed = _watch.Elapsed;
        if (elapsed < _next || value <= 0) return;
        _next = elapsed + (_live ? Live : Logged);
        var left = elapsed / value * Math.Max(0, total - value);
        var line = string.Create(CultureInfo.InvariantCulture, $"{value}/{total} {done}, {left.TotalSeconds:F0} s left");
        if (!_live) output.Note(line);
        else Console.Error.Write($"\r{line}\u001b[K");
        _shown = true;
    }

    /// <summary>Ends the line that renews itself, and says how long it took where that was long.</summary>
    public void Finish()
    {
        if (_shown && _live) Console.Error.WriteLine();
        if (_watch.Elapsed >= Patience)
            output.Note(string.Create(CultureInfo.InvariantCulture, $"{total} {done} in {_watch.Elapsed.TotalSeconds:F1} s."));
    }
}
