using System.Diagnostics;
using System.Globalization;

namespace Multihead.Cli.Output;

/// <summary>How many of a known number are done, on standard error: for work of more than two seconds.</summary>
internal sealed class CountDisplay(ToolOutput output, string done, int total) : IProgress<int>
{
    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _shown;

    /// <inheritdoc/>
    public void Report(int value)
    {
        if (!_live || _watch.Elapsed.TotalSeconds < 1) return;
        _shown = true;
        var left = _watch.Elapsed / value * (total - value);
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r{value}/{total} {done}, {left.TotalSeconds:F0} s left\u001b[K"));
    }

    /// <summary>Ends the line that renews itself, or says how long it took.</summary>
    public void Finish()
    {
        if (_shown) Console.Error.WriteLine();
        output.Note(string.Create(CultureInfo.InvariantCulture, $"{total} {done} in {_watch.Elapsed.TotalSeconds:F1} s."));
    }
}
