using System.Diagnostics;
using System.Text.Json;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;
using Multihead.Training;
using Multihead.Training.Reports;

namespace Multihead.Cli.Runs;

/// <summary>What became of a run.</summary>
/// <param name="Time">Spent on learning now, validations and saves included.</param>
/// <param name="TokensPerSecond">Source and target tokens.</param>
/// <param name="PeakShare">Of what the machine's processors reach at most in the run's precision, 0..1.</param>
/// <param name="TrainLoss">Of the last step.</param>
/// <param name="ValidationLoss">Of the weights that the folder holds.</param>
internal sealed record LearnedRun(
    TimeSpan Time, double TokensPerSecond, double PeakShare, double TrainLoss, double ValidationLoss)
{
    /// <summary>Learns while people watch. Ctrl-C saves and ends.</summary>
    /// <param name="invocation">Whose notes and signals.</param>
    /// <param name="run">Made ready.</param>
    /// <exception cref="StoppedException">Stopped by Ctrl-C; says how to go on.</exception>
    public static LearnedRun Learn(Invocation invocation, TrainingRun run)
    {
        var peakFlops = 1e9 * PeakFlops.Measure(ThreadTeam.Shared, run.Recipe.Training.Precision.OperandFormat());
        var display = new TrainingDisplay(invocation.Output, peakFlops);
        var watch = Stopwatch.StartNew();
        using var trainer = run.Start();
        if (trainer.Step > 0) invocation.Output.Note($"Going on after step {trainer.Step} of {run.Recipe.Training.Steps}.");
        try
        {
            if (!trainer.Run(display, invocation.Cancellation)) throw RunReport.Stopped(run, trainer.Step);
        }
        finally
        {
            display.Finish();
        }
        return new LearnedRun(watch.Elapsed, display.Last.TokensPerSecond, display.PeakShare,
            LossLog.Read(run.Folder.LossLog)[^1].Loss, trainer.ModelValidationLoss);
    }

    /// <summary>What a run came to, as properties of an object.</summary>
    public void WriteJson(Utf8JsonWriter json, TrainingRun run)
    {
        if (run is TranslationRun translation)
        {
            json.WriteStartObject("pairs");
            json.WriteNumber("train", translation.TrainPairs);
            json.WriteNumber("valid", translation.Data.Valid.Count);
            json.WriteNumber("test", translation.Data.Test.Count);
            json.WriteEndObject();
        }
        json.WriteNumber("parameters", run.Parameters.ParameterCount);
        json.WriteNumber("steps", run.Recipe.Training.Steps);
        json.WriteNumber("minutes", Math.Round(Time.TotalMinutes, 3));
        json.WriteNumber("tokensPerSecond", Math.Round(TokensPerSecond, 1));
        json.WriteNumber("peakShare", Math.Round(PeakShare, 4));
        json.WriteNumber("trainLoss", TrainLoss);
        JsonNumber.Write(json, "validationLoss", ValidationLoss);
    }
}
