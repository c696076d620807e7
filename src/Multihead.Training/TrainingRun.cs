using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Text.Corpora;
using Multihead.Text.Tokenizers;
using Multihead.Training.Batches;
using Multihead.Training.Data;
using Multihead.Training.Recipes;

namespace Multihead.Training;

/// <summary>A recipe made ready: its data read and encoded, its vocabulary learned, its model and trainer built in a folder that a
/// translator can open.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly EncodedCorpus _train;
    private readonly EncodedCorpus _valid;
    private readonly ThreadTeam _team;

    private TrainingRun(Recipe recipe, RunFolder folder, ParallelData data, Tokenizer tokenizer, ModelConfig config,
        IReadOnlyList<RowCount> dropped, EncodedCorpus train, EncodedCorpus valid, ThreadTeam team)
    {
        (Recipe, Folder, Data, Tokenizer, Dropped) = (recipe, folder, data, tokenizer, dropped);
        (_train, _valid, _team) = (train, valid, team);
        Model = new EncoderDecoder(config, learning: true);
    }

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

    /// <summary>Reads the data, learns the vocabulary, and writes config.json and tokenizer.json.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="dataFolder">What relative paths of the recipe begin at.</param>
    /// <param name="output">The folder of the run; created.</param>
    /// <param name="team">The threads.</param>
    /// <exception cref="MultiheadException">The data, the vocabulary or the model cannot be had as asked.</exception>
    public static TrainingRun Prepare(Recipe recipe, string dataFolder, string output, ThreadTeam team)
    {
        recipe.Training.Validate();
        var data = ParallelData.Read(recipe, dataFolder);
        var tokenizer = BytePairLearner.Learn(data.Train.SelectMany(p => new[] { p.Source, p.Target }),
            new BytePairOptions { VocabularySize = recipe.VocabularySize });
        var config = recipe.Model.ToConfig(tokenizer.VocabularySize) with
        {
            EndOfSentenceId = tokenizer.EndOfSentenceId,
            PaddingId = tokenizer.PaddingId,
            DecoderStartId = tokenizer.PaddingId,
        };
        config.Validate();
        var longest = Math.Min(recipe.Training.BatchTokens, MaxLength(config));
        var train = Encode(data.Train, tokenizer, longest, out var tooLong);
        var valid = Encode(data.Valid, tokenizer, longest, out var tooLongValid);
        if (train.Count == 0 || valid.Count == 0)
            throw new MultiheadException($"No pair is shorter than {longest} tokens a side, the smaller of the batch's and the model's "
                + "limit; raise training.batchTokens or give shorter sentences.");
        var folder = new RunFolder(output);
        ModelConfigJson.Write(Path.Combine(folder.Root, ModelConfigJson.FileName), config);
        tokenizer.Save(Path.Combine(folder.Root, "tokenizer.json"));
        IReadOnlyList<RowCount> dropped = [.. data.Dropped,
            new($"training pair of {longest} tokens or more", tooLong), new($"validation pair of {longest} tokens or more", tooLongValid)];
        return new TrainingRun(recipe, folder, data, tokenizer, config, dropped, train, valid, team);
    }

    /// <summary>Turns minutes into steps: a probe measures a step, and the recipe becomes one that repeats the run.</summary>
    /// <param name="minutes">Time to learn, validations and saves included.</param>
    /// <returns>Seconds a step.</returns>
    public double FitToMinutes(double minutes)
    {
        // Saving and validating take time too; this share is what the runs in docs/log.md spent on them.
        const double shareInSteps = 0.96;
        using var trainer = CreateTrainer();
        var seconds = trainer.MeasureStepSeconds();
        var steps = (int)Math.Clamp(minutes * 60 * shareInSteps / seconds, 10, 1_000_000);
        Recipe = Recipe with { Training = Recipe.Training with { Steps = steps } };
        return seconds;
    }

    /// <summary>Records the recipe beside the run and makes its trainer.</summary>
    public Trainer Start(bool resume)
    {
        RecipeFile.Write(Folder.Recipe, Recipe);
        var trainer = CreateTrainer();
        if (resume) trainer.Resume();
        else trainer.Begin();
        return trainer;
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();

    private Trainer CreateTrainer() => new(Model, Recipe.Training, _train, _valid, Folder, _team);

    private static int MaxLength(ModelConfig config) => ((SinusoidalPositionsConfig)config.Positions).MaxLength;

    private static EncodedCorpus Encode(IReadOnlyList<SentencePair> pairs, Tokenizer tokenizer, int longest, out int tooLong)
    {
        var corpus = new EncodedCorpus();
        tooLong = 0;
        foreach (var pair in pairs)
        {
            var (source, target) = (tokenizer.Encode(pair.Source), tokenizer.Encode(pair.Target));
            if (source.Length < longest && target.Length < longest) corpus.Add(source, target);
            else tooLong++;
        }
        return corpus;
    }
}
