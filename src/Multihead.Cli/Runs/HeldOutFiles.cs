using Multihead.Training;
using Multihead.Training.Recipes;

namespace Multihead.Cli.Runs;

/// <summary>The rows of a corpus that nothing was learned from, as two files beside the model.</summary>
/// <param name="Sources">The texts to translate.</param>
/// <param name="References">Their translations, line by line.</param>
internal sealed record HeldOutFiles(string Sources, string References)
{
    /// <summary>Writes them; null where the recipe brings its own split.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Its folder as the user calls it.</param>
    public static HeldOutFiles? Write(TranslationRun run, string folder)
    {
        var test = run.Data.Test;
        if (test.Count == 0) return null;
        var (from, to) = run.Recipe.Data is SdkData sdk ? (sdk.From, sdk.To) : ("source", "target");
        var files = new HeldOutFiles(Path.Combine(folder, $"test.{from}"), Path.Combine(folder, $"test.{to}"));
        AtomicFile.WriteText(files.Sources, string.Concat(test.Select(pair => pair.Source + "\n")));
        AtomicFile.WriteText(files.References, string.Concat(test.Select(pair => pair.Target + "\n")));
        return files;
    }
}
