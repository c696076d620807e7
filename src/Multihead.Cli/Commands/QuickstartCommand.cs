using System.CommandLine;
using System.Diagnostics;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Inference;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;
using Multihead.Text.Corpora;
using Multihead.Training;
using Multihead.Training.Recipes;

namespace Multihead.Cli.Commands;

/// <summary>From nothing but the SDK to a trained translator: reads the SDK's own messages, learns, translates, scores.</summary>
internal sealed class QuickstartCommand : ToolCommand
{
    private readonly Option<string> _from = new("--from")
    {
        Description = "The language to translate from.",
        DefaultValueFactory = _ => "en",
    };

    private readonly Option<string> _to = new("--to")
    {
        Description = "The language to translate to.",
        DefaultValueFactory = _ => "de",
    };

    private readonly Option<int?> _minutes = NumberOption.Whole("--minutes", "Time to learn (default 8).", 1, 100_000);
    private readonly Option<int?> _steps = NumberOption.Whole("--steps", "Steps to learn instead: repeats a run exactly.", 1, 100_000_000);
    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder of the run.",
        DefaultValueFactory = _ => "multihead-quickstart",
    };

    public QuickstartCommand() : base("quickstart", "Learn a translator from the .NET SDK's own messages, and try it.")
    {
        Add(_from);
        Add(_to);
        Add(_minutes);
        Add(_steps);
        Add(_out);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead quickstart",
        "multihead quickstart --from en --to fr --minutes 15",
        "multihead quickstart --steps 500 --out run --json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var (output, cancellation) = (invocation.Output, invocation.Cancellation);
        var (from, to, folder) = (invocation.Get(_from)!, invocation.Get(_to)!, invocation.Get(_out)!);
        var team = ThreadTeam.Shared;
        output.Note($"Reading the .NET SDK's messages, {from} and {to} ...");
        using var run = TrainingRun.Prepare(QuickstartRecipe.Create(from, to, invocation.Get(_steps)), ".", folder, team);
        RunReport.Data(output, run);
        var peak = 1e9 * PeakFlops.Measure(team);
        if (invocation.Get(_steps) is null) RunReport.Probe(output, run, run.FitToMinutes(invocation.Get(_minutes) ?? 8));
        var display = new TrainingDisplay(output, peak);
        var watch = Stopwatch.StartNew();
        using (var trainer = run.Start(resume: false))
        {
            var finished = trainer.Run(display, cancellation);
            display.Finish();
            if (!finished) throw RunReport.Stopped(output, run);
        }
        WriteTestFiles(run, from, to);
        Evaluate(invocation, run, display, watch.Elapsed);
        output.Note($"""
            Next:
              multihead translate {folder} "The file could not be found."
              multihead evaluate {folder} {Path.Combine(folder, "test." + from)} {Path.Combine(folder, "test." + to)}
              open {run.Folder.Curves}
            """);
    }

    private static void Evaluate(Invocation invocation, TrainingRun run, TrainingDisplay display, TimeSpan learned)
    {
        var (output, test) = (invocation.Output, run.Data.Test);
        using var translator = Translator.Load(run.Folder.Root);
        var progress = new CountDisplay(output, "translated", test.Count);
        var quality = TranslationQuality.Measure(translator, test, new TranslationOptions(), progress, invocation.Cancellation);
        progress.Finish();
        var far = NearestTraining.FarHalf(NearestTraining.Similarities([.. run.Data.Train.Select(p => p.Source)],
            [.. test.Select(p => p.Source)]));
        var bleuFar = quality.BleuOf(far, test);
        foreach (var row in Enumerable.Range(0, 5).Select(i => (2 * i + 1) * test.Count / 10))
            RunReport.Sample(output, test[row], quality.Translations[row]);
        output.Result($"BLEU, all {test.Count} held-out messages:    {quality.Bleu.Format(2)}");
        output.Result($"BLEU, the half farthest from training: {bleuFar.Format(2)}");
        output.Result($"BLEU of copying the source:            {quality.CopyBleu.Format(2)}");
        output.Result($"chrF, all:                             {quality.ChrF.Format(2)}");
        if (!invocation.Get(JsonOption.Instance)) return;
        output.Json(json =>
        {
            json.WriteStartObject("pairs");
            json.WriteNumber("train", run.TrainPairs);
            json.WriteNumber("valid", run.Data.Valid.Count);
            json.WriteNumber("test", test.Count);
            json.WriteEndObject();
            json.WriteNumber("parameters", run.Model.Parameters.ParameterCount);
            json.WriteNumber("minutes", Math.Round(learned.TotalMinutes, 3));
            json.WriteNumber("steps", run.Recipe.Training.Steps);
            json.WriteNumber("tokensPerSecond", Math.Round(display.Last.TokensPerSecond, 1));
            json.WriteNumber("peakShare", Math.Round(display.PeakShare, 4));
            json.WriteNumber("bleu", quality.Bleu.Score);
            json.WriteNumber("bleuFar", bleuFar.Score);
            json.WriteNumber("chrf", quality.ChrF.Score);
            json.WriteNumber("copyBleu", quality.CopyBleu.Score);
            json.WriteString("signature", quality.Bleu.Signature);
            json.WriteString("checkpoint", run.Folder.Root);
        });
    }

    private static void WriteTestFiles(TrainingRun run, string from, string to)
    {
        AtomicFile.WriteText(Path.Combine(run.Folder.Root, "test." + from), string.Concat(run.Data.Test.Select(p => p.Source + "\n")));
        AtomicFile.WriteText(Path.Combine(run.Folder.Root, "test." + to), string.Concat(run.Data.Test.Select(p => p.Target + "\n")));
    }
}
