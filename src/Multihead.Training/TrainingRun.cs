using Multihead.Kernels.Threading;
using Multihead.Tensors;
using Multihead.Text.Tokenizers;
using Multihead.Training.Recipes;
using Multihead.Training.Tasks;

namespace Multihead.Training;

/// <summary>A recipe made ready: its data read and encoded, its vocabulary learned, its model built. <see cref="Start"/> claims
/// the folder, which running opens later.</summary>
internal abstract class TrainingRun : IDisposable
{
    private readonly ThreadTeam _team;
    private readonly bool _resume;
    private RunClaim? _claim;

    protected TrainingRun(RunStart start, Tokenizer tokenizer) =>
        (Recipe, Folder, Tokenizer, _team, _resume) = (start.Recipe, start.Folder, tokenizer, start.Team, start.Resume);

    /// <summary>What is done; its paths begin at the folder that it is recorded in.</summary>
    public Recipe Recipe { get; private set; }

    public RunFolder Folder { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>The weights.</summary>
    public abstract ParameterStore Parameters { get; }

    /// <summary>Tokens that are learned from.</summary>
    public abstract long TrainTokens { get; }

    /// <summary>Checks the folder, reads the data, and learns the vocabulary; changes nothing.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="dataFolder">What relative paths of the recipe begin at.</param>
    /// <param name="output">The folder of the run.</param>
    /// <param name="team">The threads.</param>
    /// <param name="resume">Whether to go on with the run that the folder holds; else it must hold none.</param>
    /// <param name="vocabulary">Told how many tokens are learned.</param>
    /// <exception cref="MultiheadException">The data, the vocabulary or the model cannot be had as asked, or the folder is not as
    /// it should be.</exception>
    public static TrainingRun Prepare(Recipe recipe, string dataFolder, string output, ThreadTeam team, bool resume = false,
        IProgress<int>? vocabulary = null)
    {
        var start = RunStart.Check(recipe, dataFolder, output, team, resume);
        return recipe.Data is TextData text
            ? LanguageRun.Prepare(start, text, dataFolder, vocabulary)
            : TranslationRun.Prepare(start, recipe, dataFolder, vocabulary);
    }

    /// <summary>Turns minutes into steps: a probe measures a step, and the recipe becomes one that repeats the run.</summary>
    /// <param name="minutes">Time to learn, validations and saves included.</param>
    /// <returns>Seconds a step.</returns>
    public double FitToMinutes(double minutes)
    {
        // Saving and validating took 0.03 of a quickstart of eight minutes; the rest is for machines with slower disks.
        const double shareInSteps = 0.96;
        using var trainer = CreateTrainer();
        var seconds = trainer.MeasureStepSeconds(warmUp: TimeSpan.FromSeconds(2), length: TimeSpan.FromSeconds(3));
        var steps = (int)Math.Clamp(minutes * 60 * shareInSteps / seconds, 10, 1_000_000);
        Recipe = Recipe with { Training = Recipe.Training with { Steps = steps } };
        return seconds;
    }

    /// <summary>Claims the folder and makes the trainer: at the last saved state, or, where there is none yet, at the beginning,
    /// with the recipe, the configuration and the tokenizer written down.</summary>
    /// <exception cref="MultiheadException">The saved state is damaged or of other data, or the folder is taken or cannot be
    /// written.</exception>
    public Trainer Start()
    {
        _claim = new RunClaim(Folder);
        if (!_resume) Folder.RequireNoRun(); // nobody came in between
        var trainer = CreateTrainer();
        try
        {
            if (File.Exists(Folder.State)) trainer.Resume();
            else trainer.Begin(); // no old weights are left that a new tokenizer could stand beside
            WriteMissing();
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    /// <summary>Frees the model and gives the folder back.</summary>
    public virtual void Dispose() => _claim?.Dispose();

    /// <summary>What the trainer learns, as the recipe says now.</summary>
    protected abstract TrainingTask CreateTask();

    /// <summary>The text of config.json.</summary>
    protected abstract string ConfigText();

    // Saved weights keep the files that they were learned with. The recipe comes first: it marks the folder as a run's.
    private void WriteMissing()
    {
        var isNew = !File.Exists(Folder.State);
        if (isNew) RecipeFile.Write(Folder.Recipe, Recipe);
        if (isNew || !File.Exists(Folder.Tokenizer)) Tokenizer.Save(Folder.Tokenizer);
        if (isNew || !File.Exists(Folder.Config)) AtomicFile.WriteText(Folder.Config, ConfigText());
    }

    private Trainer CreateTrainer() => new(CreateTask(), Recipe.Training, Folder, _team);
}
