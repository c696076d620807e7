using System.Diagnostics;

namespace Multihead.Training.Benchmarks;

/// <summary>How fast steps of a case were.</summary>
/// <param name="Steps">How many were timed.</param>
/// <param name="MedianSeconds">Of one step.</param>
/// <param name="PeakMemoryBytes">The most memory that the process has had in use so far.</param>
internal sealed record StepSpeed(int Steps, double MedianSeconds, long PeakMemoryBytes)
{
    private const int FewestWarmUpSteps = 2; // the first one takes the memory, the second finds it in one piece
    private const int FewestSteps = 3;
    private const int MostSteps = 31;

    /// <summary>Takes steps and times them one by one.</summary>
    /// <param name="work">Its weights change.</param>
    /// <param name="warmUp">Steps before, in which the runtime compiles its fast code.</param>
    /// <param name="time">About how long to go on; at least 3 steps and at most 31.</param>
    /// <param name="cancellation">Looked at between two steps.</param>
    public static StepSpeed Measure(TrainingCase work, TimeSpan warmUp, TimeSpan time, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        for (var steps = 0; steps < FewestWarmUpSteps || watch.Elapsed < warmUp; steps++) Step();
        List<double> seconds = [];
        watch.Restart();
        while (seconds.Count < FewestSteps || (watch.Elapsed < time && seconds.Count < MostSteps)) seconds.Add(Step());
        seconds.Sort();
        using var process = Process.GetCurrentProcess();
        return new StepSpeed(seconds.Count, seconds[seconds.Count / 2], process.PeakWorkingSet64);

        double Step()
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            work.Step();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
