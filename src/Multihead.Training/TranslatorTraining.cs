using Multihead.Inference;
using Multihead.Kernels.Threading;
using Multihead.Training.Recipes;

namespace Multihead.Training;

/// <summary>Learns a translator from a recipe: reads the data, learns the vocabulary, trains, and leaves a folder that
/// <see cref="Translator.Load"/> opens.</summary>
public static class TranslatorTraining
{
    /// <summary>Learns to the last step. What is learned depends on the recipe and its data alone: not on the number of threads,
    /// and not on whether the run was stopped and resumed.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="folder">Receives the checkpoint, and under training/ what resuming needs; made where it is missing.</param>
    /// <param name="options">Where the data is, and whether to resume.</param>
    /// <param name="progress">Told after every step, on the calling thread.</param>
    /// <param name="cancellation">Ends the run after the step at hand; the state is saved and can be resumed.</param>
    /// <returns>Whether the run came to its last step.</returns>
    /// <exception cref="MultiheadException">The recipe, its data or the folder cannot be used.</exception>
    public static bool Run(Recipe recipe, string folder, RunOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new RunOptions();
        using var run = TrainingRun.Prepare(recipe, options.DataFolder, folder, ThreadTeam.Shared, options.Resume);
        using var trainer = run.Start();
        return trainer.Run(progress, cancellation);
    }
}

/// <summary>How <see cref="TranslatorTraining"/> runs a recipe.</summary>
public sealed record RunOptions
{
    /// <summary>The folder that relative paths of the recipe begin at: usually the recipe's own.</summary>
    public string DataFolder { get; init; } = ".";

    /// <summary>Goes on with the run of this recipe that the folder holds; without it the folder must hold none.</summary>
    public bool Resume { get; init; }
}
