using Multihead.Kernels.Threading;
using Multihead.Text.Tokenizers;
using Multihead.Training.Recipes;

namespace Multihead.Training;

/// <summary>What a run begins with, checked.</summary>
/// <param name="Recipe">As the run's folder records it: its paths begin there, its precision is settled.</param>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Team">The threads.</param>
/// <param name="Resume">Whether to go on with the run that the folder holds.</param>
internal sealed record RunStart(Recipe Recipe, RunFolder Folder, ThreadTeam Team, bool Resume)
{
    /// <summary>Checks that the folder may be used so.</summary>
    /// <exception cref="MultiheadException">It is not as it should be.</exception>
    public static RunStart Check(Recipe recipe, string dataFolder, string output, ThreadTeam team, bool resume)
    {
        recipe.Training.Validate();
        var folder = new RunFolder(output);
        var recorded = recipe with
        {
            Schema = null,
            Data = recipe.Data.MapPaths(FromTraining),
            Training = recipe.Training with { Precision = recipe.Training.Precision.Settled() },
        };
        if (resume) RequireSameRun(folder, recorded);
        else folder.RequireNoRun();
        new RunClaim(folder).Dispose(); // what hinders the run is told before the work
        return new RunStart(recorded, folder, team, resume);

        string FromTraining(string path) =>
            Path.GetRelativePath(folder.Training, Path.GetFullPath(Path.Combine(dataFolder, path)));
    }

    /// <summary>The run's tokenizer: saved weights stay with the tokens that they have learned, else it is learned from the texts.
    /// </summary>
    public Tokenizer TokenizerFor(IEnumerable<string> texts, IProgress<int>? progress) =>
        File.Exists(Folder.State) && File.Exists(Folder.Tokenizer)
            ? Tokenizer.Load(Folder.Tokenizer)
            : BytePairLearner.Learn(texts, new BytePairOptions { VocabularySize = Recipe.VocabularySize }, progress);

    private static void RequireSameRun(RunFolder folder, Recipe recipe)
    {
        folder.RequireRun();
        if (RecipeDifference.Find(recipe, RecipeFile.Read(folder.Recipe)) is { } differs)
            throw new MultiheadException($"'{differs.Key}' of the recipe is {differs.First}, but for the run in '{folder.Root}' it "
                + $"was {differs.Second}; give the run's own recipe, '{folder.Recipe}', or begin anew in another folder by --out.");
    }
}
