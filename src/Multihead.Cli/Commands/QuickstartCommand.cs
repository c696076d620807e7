using System.CommandLine;
using System.Globalization;
using Multihead.Cli.Output;
using Multihead.Cli.Runs;
using Multihead.Cli.Shell;
using Multihead.Inference;
using Multihead.Text.Corpora;
using Multihead.Training;
using Multihead.Training.Recipes;

namespace Multihead.Cli.Commands;

/// <summary>From nothing but the SDK to a trained translator: reads the SDK's own messages, learns, translates, scores.</summary>
internal sealed class QuickstartCommand : ToolCommand
{
    private const string DefaultFolder = "multihead-quickstart";
    private const double DefaultMinutes = 8;

    private readonly Option<string> _from = CorpusOptions.SdkLanguage("--from", "The language to translate from.", "en");
    private readonly Option<string> _to = CorpusOptions.SdkLanguage("--to", "The language to translate into.", "de");
    private readonly Option<double?> _minutes = NumberOption.Real("--minutes", "Time to learn; 8 by default.", 0.01, 100_000);
    private readonly Option<int?> _steps = NumberOption.Whole("--steps",
        "Steps to learn instead: repeats a run exactly.", 1, 100_000_000);

    private readonly Option<string?> _out = new("--out")
    {
        Description = $"The folder of the run; by default the first free one of {DefaultFolder}, {DefaultFolder}-2 and so on.",
        HelpName = "FOLDER",
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
        var output = invocation.Output;
        var (from, to, steps) = (invocation.Get(_from)!, invocation.Get(_to)!, invocation.Get(_steps));
        if (from == to) throw new UsageException($"--from and --to are both '{from}'; choose two different languages.");
        if (steps is not null && invocation.Get(_minutes) is not null)
            throw new UsageException("--steps and --minutes are both given; choose one.");
        var folder = invocation.Get(_out) ?? FreeFolder();
        var recipe = QuickstartRecipe.Create(from, to, steps ?? 1); // without --steps the probe finds them
        using var run = (TranslationRun)RunReport.Prepare(output, recipe, "", folder, resume: false);
        if (steps is null) RunReport.Probe(output, run, run.FitToMinutes(invocation.Get(_minutes) ?? DefaultMinutes));
        var learned = LearnedRun.Learn(invocation, run);
        var files = HeldOutFiles.Write(run, folder);
        Evaluate(invocation, run, learned);
        RunReport.Next(output, folder, "translate", files);
    }

    private static string FreeFolder() => Enumerable.Range(1, int.MaxValue)
        .Select(number => number == 1 ? DefaultFolder : string.Create(CultureInfo.InvariantCulture, $"{DefaultFolder}-{number}"))
        .First(name => !Path.Exists(name));

    private static void Evaluate(Invocation invocation, TranslationRun run, LearnedRun learned)
    {
        var (output, test) = (invocation.Output, run.Data.Test);
        using var translator = Translator.Load(run.Folder.Root);
        var progress = new CountDisplay(output, "translated", test.Count);
        var quality = TranslationQuality.Measure(translator, test, new TranslationOptions(), progress, invocation.Cancellation);
        progress.Finish();
        var far = NearestTraining.FarHalf(NearestTraining.Similarities([.. run.Data.Train.Select(p => p.Source)],
            [.. test.Select(p => p.Source)]));
        var (bleuFar, chrFFar) = (quality.BleuOf(far, test), quality.ChrFOf(far, test));
        foreach (var row in Enumerable.Range(0, 5).Select(i => (2 * i + 1) * test.Count / 10))
            RunReport.Sample(output, test[row], quality.Translations[row]);
        output.Result($"All {test.Count} held-out messages:");
        output.Result($"  {quality.Bleu.Format(2)}");
        output.Result($"  {quality.ChrF.Format(2)}");
        output.Result($"The {far.Length} of them that are farthest from training:");
        output.Result($"  {bleuFar.Format(2)}");
        output.Result($"  {chrFFar.Format(2)}");
        output.Result("Copying the source of all:");
        output.Result($"  {quality.CopyBleu.Format(2)}");
        if (!invocation.Get(JsonOption.Instance)) return;
        output.Json(json =>
        {
            learned.WriteJson(json, run);
            json.WriteNumber("bleu", quality.Bleu.Score);
            json.WriteNumber("bleuFar", bleuFar.Score);
            json.WriteNumber("chrf", quality.ChrF.Score);
            json.WriteNumber("chrfFar", chrFFar.Score);
            json.WriteNumber("copyBleu", quality.CopyBleu.Score);
            json.WriteString("signature", quality.Bleu.Signature);
            json.WriteString("chrfSignature", quality.ChrF.Signature);
            json.WriteString("checkpoint", run.Folder.Root);
        });
    }
}
