using System.CommandLine;
using System.Globalization;
using Multihead.Cli.Output;
using Multihead.Cli.Runs;
using Multihead.Cli.Shell;
using Multihead.Training;
using Multihead.Training.Recipes;

namespace Multihead.Cli.Commands;

/// <summary>Learns what a recipe says, or goes on with it.</summary>
internal sealed class TrainCommand : ToolCommand
{
    private readonly Argument<string> _recipe = new("RECIPE")
    {
        Description = "A recipe in JSON; its relative paths begin at its folder.",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on after the last saved state, as if never stopped.",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The folder of the run; by default one in the current folder, named after the recipe without its ending.",
        HelpName = "FOLDER",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Another value for a key of the recipe, such as training.steps=1000; may be given again.",
        HelpName = "PATH=VALUE",
        DefaultValueFactory = _ => [],
    };

    public TrainCommand() : base("train", "Learn a translator or a language model from your own text, as a recipe says.")
    {
        Add(_recipe);
        Add(_resume);
        Add(_out);
        Add(_set);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead train recipe.json",
        "multihead train recipe.json --out run --set training.steps=20000 --set model.dropout=0.3",
        "multihead train recipe.json --out run --resume --json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var (output, path, changes) = (invocation.Output, invocation.Get(_recipe), invocation.Get(_set)!);
        if (changes.FirstOrDefault(change => change.IndexOf('=') <= 0) is { } change)
            throw new UsageException($"--set takes PATH=VALUE, such as training.steps=1000, not '{change}'.");
        var recipe = RecipeFile.Read(path, changes);
        var folder = invocation.Get(_out) ?? Path.GetFileNameWithoutExtension(path);
        using var run = RunReport.Prepare(output, recipe, Path.GetDirectoryName(path) ?? "", folder, invocation.Get(_resume));
        var learned = LearnedRun.Learn(invocation, run);
        Tables.WriteFacts(output,
        [
            ("steps", run.Recipe.Training.Steps.ToString(CultureInfo.InvariantCulture)),
            ("training loss", learned.TrainLoss.ToString("F4", CultureInfo.InvariantCulture)),
            ("validation loss", learned.ValidationLoss.ToString("F4", CultureInfo.InvariantCulture)),
            ("checkpoint", run.Folder.Root),
        ]);
        if (run is TranslationRun translation)
            RunReport.Next(output, folder, "translate", HeldOutFiles.Write(translation, folder));
        else RunReport.Next(output, folder, "generate", null);
        if (!invocation.Get(JsonOption.Instance)) return;
        output.Json(json =>
        {
            learned.WriteJson(json, run);
            json.WriteString("checkpoint", run.Folder.Root);
        });
    }
}
