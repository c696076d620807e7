using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Text.Corpora;
using Multihead.Text.Tokenizers;
using Multihead.Training.Batches;
using Multihead.Training.Data;
using Multihead.Training.Recipes;
using Multihead.Training.Tasks;

namespace Multihead.Training;

/// <summary>A run that learns to translate.</summary>
internal sealed class TranslationRun : TrainingRun
{
    private readonly EncodedCorpus _train;
    private readonly EncodedCorpus _valid;

    private TranslationRun(RunStart start, ParallelData data, Tokenizer tokenizer, ModelConfig config,
        IReadOnlyList<RowCount> dropped, EncodedCorpus train, EncodedCorpus valid) : base(start, tokenizer)
    {
        (Data, Dropped, _train, _valid) = (data, dropped, train, valid);
        Model = new EncoderDecoder(config, learning: true);
    }

    public ParallelData Data { get; }

    public EncoderDecoder Model { get; }

    /// <summary>What was left out of the data, and why.</summary>
    public IReadOnlyList<RowCount> Dropped { get; }

    /// <summary>Pairs that are learned from.</summary>
    public int TrainPairs => _train.Count;

    /// <inheritdoc/>
    public override ParameterStore Parameters => Model.Parameters;

    /// <summary>Source and target tokens of all training pairs.</summary>
    public override long TrainTokens => _train.TokenCount;

    /// <summary>Reads the data and learns the vocabulary.</summary>
    public static TranslationRun Prepare(RunStart start, Recipe recipe, string dataFolder, IProgress<int>? vocabulary)
    {
        var data = ParallelData.Read(recipe, dataFolder);
        var tokenizer = start.TokenizerFor(data.Train.SelectMany(p => new[] { p.Source, p.Target }), vocabulary);
        var config = start.Recipe.Model.ToConfig(tokenizer.VocabularySize) with
        {
            EndOfSentenceId = tokenizer.EndOfSentenceId,
            PaddingId = tokenizer.PaddingId,
            DecoderStartId = tokenizer.PaddingId,
        };
        config.Validate();
        var longest = Math.Min(start.Recipe.Training.BatchTokens, config.Positions.MaxLength);
        var train = EncodedCorpus.Of(data.Train, tokenizer, longest, out var tooLong);
        var valid = EncodedCorpus.Of(data.Valid, tokenizer, longest, out var tooLongValid);
        if (train.Count == 0 || valid.Count == 0)
            throw new MultiheadException($"No pair is shorter than {longest} tokens a side, the smaller of the batch's and the model's "
                + "limit; raise training.batchTokens or give shorter sentences.");
        IReadOnlyList<RowCount> dropped = [.. data.Dropped,
            new($"training pair of {longest} tokens or more", tooLong),
            new($"validation pair of {longest} tokens or more", tooLongValid)];
        return new TranslationRun(start, data, tokenizer, config, dropped, train, valid);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Model.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override TrainingTask CreateTask() => new TranslationTask(Model, Recipe.Training, _train, _valid);

    /// <inheritdoc/>
    protected override string ConfigText() => ModelConfigJson.Text(Model.Config);
}
