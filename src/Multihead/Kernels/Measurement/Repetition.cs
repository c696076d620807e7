using System.Diagnostics;

namespace Multihead.Kernels.Measurement;

/// <summary>Times work by doing it again and again.</summary>
internal static class Repetition
{
    private const int FewestRounds = 3;

    /// <summary>The median of the rounds, in seconds. One more before them, which also waits for pages, is left out.</summary>
    /// <param name="time">About how long to repeat.</param>
    /// <param name="cancellation">Looked at between two rounds.</param>
    /// <param name="work">What to do.</param>
    public static double MedianSeconds(TimeSpan time, CancellationToken cancellation, Action work)
    {
        List<double> seconds = [];
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time || seconds.Count < FewestRounds + 1)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            work();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        seconds.RemoveAt(0);
        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
