using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Threading;
using Multihead.Text.Corpora;
using Multihead.Training;
using Multihead.Training.Recipes;
using static System.FormattableString;

namespace Multihead.Cli.Runs;

/// <summary>What people and programs are told about a training run besides its progress.</summary>
internal static class RunReport
{
    /// <summary>Makes a run ready, and tells the counts of its data and what was left out.</summary>
    public static TrainingRun Prepare(ToolOutput output, Recipe recipe, string dataFolder, string folder, bool resume)
    {
        using var reading = new LateNote("Reading the data and learning the vocabulary ...");
        var vocabulary = new CountDisplay(output, "tokens of the vocabulary learned", recipe.VocabularySize);
        var run = TrainingRun.Prepare(recipe, dataFolder, folder, ThreadTeam.Shared, resume, vocabulary);
        vocabulary.Finish();
        TellData(output, run);
        return run;
    }

    /// <summary>How minutes became steps.</summary>
    public static void Probe(ToolOutput output, TrainingRun run, double secondsPerStep)
    {
        var steps = run.Recipe.Training.Steps;
        output.Note(Invariant($"A step takes {1000 * secondsPerStep:F0} ms here: {steps} steps (repeat with --steps {steps})."));
    }

    /// <summary>One row of source, translation and reference.</summary>
    public static void Sample(ToolOutput output, SentencePair pair, string translation)
    {
        output.Result($"  source       {pair.Source}");
        output.Result($"  translation  {translation}");
        output.Result($"  reference    {pair.Target}");
        output.Result("");
    }

    /// <summary>What to type next.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="folder">The run's folder as the user calls it.</param>
    /// <param name="command">What runs the model.</param>
    /// <param name="test">The files to evaluate on; null where there are none.</param>
    public static void Next(ToolOutput output, string folder, string command, HeldOutFiles? test)
    {
        output.Note($"The curves of the loss: {new RunFolder(folder).Curves}");
        output.Note("Next:");
        output.Note("  " + OwnCommand.Line(command, folder, command == "translate" ? "The file could not be found." : "Once upon a time"));
        if (test is not null) output.Note("  " + OwnCommand.Line("evaluate", folder, test.Sources, test.References));
    }

    /// <summary>The run was ended by Ctrl-C after its state was saved.</summary>
    public static StoppedException Stopped(TrainingRun run, int step) => new(
        Invariant($"Stopped and saved after step {step} of {run.Recipe.Training.Steps}; to go on:"),
        "  " + OwnCommand.Line("train", run.Folder.Recipe, "--out", run.Folder.Root, "--resume"));

    private static void TellData(ToolOutput output, TrainingRun run)
    {
        if (run is TranslationRun translation)
        {
            var data = translation.Data;
            output.Note(Invariant(
                $"Pairs: {translation.TrainPairs} to learn from, {data.Valid.Count} to choose by, {data.Test.Count} to judge by."));
            foreach (var (reason, rows) in translation.Dropped)
                if (rows > 0) output.Note(Invariant($"  left out: {rows} {reason}"));
        }
        output.Note(Invariant(
            $"Vocabulary: {run.Tokenizer.VocabularySize} byte-level tokens; {run.TrainTokens} tokens to learn from."));
        if (run is LanguageRun language) output.Note(Invariant($"Validation: {language.ValidTokens} tokens."));
        output.Note(Invariant($"Model: {run.Parameters.ParameterCount} parameters in {run.Folder.Root}"));
    }
}
