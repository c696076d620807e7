using System.Diagnostics;
using System.Globalization;
using Multihead.Training;

namespace Multihead.Cli.Output;

/// <summary>A run's progress on standard error: one line that renews itself where a person looks on, else a line from time to
/// time.</summary>
internal sealed class TrainingDisplay(ToolOutput output, double peakFlops) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Live = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Logged = TimeSpan.FromSeconds(15);

    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private double? _shownValidation;

    /// <summary>The last progress reported.</summary>
    public TrainingProgress Last { get; private set; }

    /// <summary>The share of the machine's measured peak that the products reached, 0..1.</summary>
    public double PeakShare => Last.FlopsPerSecond / peakFlops;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        Last = value;
        var validated = value.ValidationLoss is not null && value.ValidationLoss != _shownValidation;
        var due = _sinceLast.Elapsed >= (_live ? Live : Logged) || validated || value.Step == value.TotalSteps;
        if (!due) return;
        _sinceLast.Restart();
        _shownValidation = value.ValidationLoss;
        var line = Line(value);
        if (!_live) output.Note(line);
        else Console.Error.Write($"\r{line}\u001b[K{(validated ? Environment.NewLine : "")}");
    }

    /// <summary>Ends the line that renews itself.</summary>
    public void Finish()
    {
        if (_live && Last.Step > 0) Console.Error.WriteLine();
    }

    private string Line(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"step {p.Step}/{p.TotalSteps}  loss {p.Loss:F3}  {(p.ValidationLoss is { } v ? $"valid {v:F3}  " : "")}"
        + $"{p.TokensPerSecond:F0} tokens/s  {100 * PeakShare:F0}% of peak  {Time(p.Remaining)} left");

    private static string Time(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
