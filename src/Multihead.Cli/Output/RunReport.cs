using System.Globalization;
using Multihead.Text.Corpora;
using Multihead.Training;

namespace Multihead.Cli.Output;

/// <summary>What people are told about a training run besides its progress.</summary>
internal static class RunReport
{
    /// <summary>The counts of the data and what was left out.</summary>
    public static void Data(ToolOutput output, TrainingRun run)
    {
        var data = run.Data;
        output.Note(Invariant($"Pairs: {run.TrainPairs} to learn from, {data.Valid.Count} to choose by, {data.Test.Count} to judge by."));
        foreach (var (reason, rows) in run.Dropped)
            if (rows > 0) output.Note(Invariant($"  left out: {rows} {reason}"));
        output.Note(Invariant($"Vocabulary: {run.Tokenizer.VocabularySize} byte-level tokens; {run.TrainTokens} tokens to learn from."));
        output.Note(Invariant($"Model: {run.Model.Parameters.ParameterCount} parameters in {run.Folder.Root}"));
    }

    /// <summary>How minutes became steps.</summary>
    public static void Probe(ToolOutput output, TrainingRun run, double secondsPerStep) => output.Note(Invariant(
        $"A step takes {1000 * secondsPerStep:F0} ms here: {run.Recipe.Training.Steps} steps (repeat with --steps {run.Recipe.Training.Steps})."));

    /// <summary>One row of source, translation and reference.</summary>
    public static void Sample(ToolOutput output, SentencePair pair, string translation)
    {
        output.Result($"  source       {pair.Source}");
        output.Result($"  translation  {translation}");
        output.Result($"  reference    {pair.Target}");
        output.Result("");
    }

    /// <summary>The run was ended by Ctrl-C after its state was saved.</summary>
    public static OperationCanceledException Stopped(ToolOutput output, TrainingRun run)
    {
        output.Note($"Stopped and saved. Go on with: multihead train {run.Folder.Recipe} --out {run.Folder.Root} --resume");
        return new OperationCanceledException();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
