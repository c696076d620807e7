using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Text.Corpora;
using Multihead.Text.Tokenizers;
using Multihead.Training.Batches;
using Multihead.Training.Data;
using Multihead.Training.Recipes;

namespace Multihead.Training;

/// <summary>A recipe made ready: its data read and encoded, its vocabulary learned, its model built. <see cref="Start"/> claims
/// the folder, which a translator can open later.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly EncodedCorpus _train;
    private readonly EncodedCorpus _valid;
    private readonly ThreadTeam _team;
    private readonly bool _resume;
    private RunClaim? _claim;

    private TrainingRun(Recipe recipe, RunFolder folder, bool resume, ParallelData data, Tokenizer tokenizer, ModelConfig config,
        IReadOnlyList<RowCount> dropped, EncodedCorpus train, EncodedCorpus valid, ThreadTeam team)
    {
        (Recipe, Folder, Data, Tokenizer, Dropped) = (recipe, folder, data, tokenizer, dropped);
        (_train, _valid, _team, _resume) = (train, valid, team, resume);
        Model = new EncoderDecoder(config, learning: true);
    }

    /// <summary>What is done; its paths begin at the folder that it is recorded in.</summary>
    public Recipe Recipe { get; private set; }

    public RunFolder Folder { get; }

    public ParallelData Data { get; }

    public Tokenizer Tokenizer { get; }

    public EncoderDecoder Model { get; }

    /// <summary>What was left out of the data, and why.</summary>
    public IReadOnlyList<RowCount> Dropped { get; }

    /// <summary>Pairs that are learned from.</summary>
    public int TrainPairs => _train.Count;

    /// <summary>Source and target tokens of all training pairs.</summary>
    public long TrainTokens => _train.TokenCount;

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
        recipe.Training.Validate();
        recipe = recipe with { Training = recipe.Training with { Precision = recipe.Training.Precision.Settled() } };
        var folder = new RunFolder(output);
        var recorded = recipe with { Schema = null, Data = recipe.Data.MapPaths(FromTraining) };
        if (resume) RequireSameRun(folder, recorded);
        else folder.RequireNoRun();
        new RunClaim(folder).Dispose(); // what hinders the run is told before the work
        var data = ParallelData.Read(recipe, dataFolder);
        // Saved weights stay with the tokens that they have learned.
        var tokenizer = File.Exists(folder.State) && File.Exists(folder.Tokenizer)
            ? Tokenizer.Load(folder.Tokenizer)
            : BytePairLearner.Learn(data.Train.SelectMany(p => new[] { p.Source, p.Target }),
                new BytePairOptions { VocabularySize = recipe.VocabularySize }, vocabulary);
        var config = recipe.Model.ToConfig(tokenizer.VocabularySize) with
        {
            EndOfSentenceId = tokenizer.EndOfSentenceId,
            PaddingId = tokenizer.PaddingId,
            DecoderStartId = tokenizer.PaddingId,
        };
        config.Validate();
        var longest = Math.Min(recipe.Training.BatchTokens, MaxLength(config));
        var train = EncodedCorpus.Of(data.Train, tokenizer, longest, out var tooLong);
        var valid = EncodedCorpus.Of(data.Valid, tokenizer, longest, out var tooLongValid);
        if (train.Count == 0 || valid.Count == 0)
            throw new MultiheadException($"No pair is shorter than {longest} tokens a side, the smaller of the batch's and the model's "
                + "limit; raise training.batchTokens or give shorter sentences.");
        IReadOnlyList<RowCount> dropped = [.. data.Dropped,
            new($"training pair of {longest} tokens or more", tooLong),
            new($"validation pair of {longest} tokens or more", tooLongValid)];
        return new TrainingRun(recorded, folder, resume, data, tokenizer, config, dropped, train, valid, team);

        string FromTraining(string path) =>
            Path.GetRelativePath(folder.Training, Path.GetFullPath(Path.Combine(dataFolder, path)));
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
    public void Dispose()
    {
        Model.Dispose();
        _claim?.Dispose();
    }

    // Saved weights keep the files that they were learned with. The recipe comes first: it marks the folder as a run's.
    private void WriteMissing()
    {
        var isNew = !File.Exists(Folder.State);
        if (isNew) RecipeFile.Write(Folder.Recipe, Recipe);
        if (isNew || !File.Exists(Folder.Tokenizer)) Tokenizer.Save(Folder.Tokenizer);
        if (isNew || !File.Exists(Folder.Config)) ModelConfigJson.Write(Folder.Config, Model.Config);
    }

    private Trainer CreateTrainer() => new(Model, Recipe.Training, _train, _valid, Folder, _team);

    private static int MaxLength(ModelConfig config) => ((SinusoidalPositionsConfig)config.Positions).MaxLength;

    private static void RequireSameRun(RunFolder folder, Recipe recipe)
    {
        folder.RequireRun();
        if (RecipeDifference.Find(recipe, RecipeFile.Read(folder.Recipe)) is { } differs)
            throw new MultiheadException($"'{differs.Key}' of the recipe is {differs.First}, but for the run in '{folder.Root}' it "
                + $"was {differs.Second}; give the run's own recipe, '{folder.Recipe}', or begin anew in another folder by --out.");
    }
}
