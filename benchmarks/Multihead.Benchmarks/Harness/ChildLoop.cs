using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Multihead.Benchmarks.Harness;

/// <summary>What a child says after each turn: how many steps it has done in how many seconds, and the most memory that has been
/// resident since it began, in megabytes of 10^6 bytes.</summary>
internal sealed record TurnResult(int Steps, double Seconds, double PeakMegabytes);

/// <summary>The child's side of a measurement. It does one step, writes the results to its folder and says "ready"; then, for
/// each line of standard input, it repeats the step for that many seconds and answers; with the end of its input it ends. Between
/// two turns it sleeps. The Python contestants do the same.</summary>
internal static class ChildLoop
{
    /// <param name="one">The work.</param>
    /// <param name="contestant">Who does it here.</param>
    /// <param name="folders">Where the inputs stand and the results go.</param>
    public static int Serve(BenchmarkCase one, Contestant contestant, RunFolders folders)
    {
        try
        {
            using var work = one.Prepare(contestant, folders.Inputs);
            work.Step();
            work.WriteResults(folders.Results(contestant));
            Console.Out.WriteLine("ready");
            while (Console.In.ReadLine() is { } line) Answer(work, double.Parse(line, CultureInfo.InvariantCulture));
            return 0;
        }
        catch (Exception e)
        {
            if (e is not AbsentException) Console.Error.WriteLine(e);
            Console.Error.WriteLine(e.Message.ReplaceLineEndings(" ")); // the parent tells the last line
            return 1;
        }
    }

    private static void Answer(IWork work, double seconds)
    {
        var (steps, start) = (0, Stopwatch.GetTimestamp());
        double elapsed;
        do
        {
            work.Step();
            steps++;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        Console.Out.WriteLine(JsonSerializer.Serialize(new TurnResult(steps, elapsed, PeakMemory.Megabytes())));
    }
}
