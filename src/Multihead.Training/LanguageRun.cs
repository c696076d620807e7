using Multihead.Models;
using Multihead.Models.Architectures;
using Multihead.Tensors;
using Multihead.Text.Tokenizers;
using Multihead.Training.Data;
using Multihead.Training.Recipes;
using Multihead.Training.Tasks;

namespace Multihead.Training;

/// <summary>A run that learns to go on with text.</summary>
internal sealed class LanguageRun : TrainingRun
{
    private readonly int[] _train;
    private readonly int[] _valid;
    private readonly int _context;

    private LanguageRun(RunStart start, Tokenizer tokenizer, DecoderOnly model, int[] train, int[] valid, int context)
        : base(start, tokenizer) => (Model, _train, _valid, _context) = (model, train, valid, context);

    public DecoderOnly Model { get; }

    /// <inheritdoc/>
    public override ParameterStore Parameters => Model.Parameters;

    /// <inheritdoc/>
    public override long TrainTokens => _train.Length;

    /// <summary>Tokens that the validation loss is the mean of, and one.</summary>
    public long ValidTokens => _valid.Length;

    /// <summary>Reads the text and learns the vocabulary.</summary>
    public static LanguageRun Prepare(RunStart start, TextData data, string dataFolder, IProgress<int>? vocabulary)
    {
        var text = PlainText.Read(data, dataFolder);
        var tokenizer = start.TokenizerFor([text.Train], vocabulary);
        var config = start.Recipe.Model.ToDecoderOnlyConfig(tokenizer.VocabularySize) with
        {
            BeginOfTextId = tokenizer.EndOfSentenceId,
            EndOfTextIds = [tokenizer.EndOfSentenceId],
        };
        _ = DecoderOnlyConfigJson.Text(config); // it can be written
        var context = data.Context ?? Math.Min(config.Positions.MaxLength, start.Recipe.Training.BatchTokens);
        if (context > config.Positions.MaxLength || context > start.Recipe.Training.BatchTokens || context < 1)
            throw new MultiheadException($"data.context is {context} tokens, and must be between 1 and the smaller of the model's "
                + $"{config.Positions.MaxLength} and training.batchTokens, {start.Recipe.Training.BatchTokens}; change one of them.");
        var (train, valid) = (tokenizer.Encode(text.Train), tokenizer.Encode(text.Valid));
        if (train.Length <= context || valid.Length < 2)
            throw new MultiheadException($"The text has {train.Length} tokens to learn from and {valid.Length} to choose by, and needs "
                + $"more than {context} and at least 2; give more text or a smaller data.context.");
        return new LanguageRun(start, tokenizer, new DecoderOnly(config, learning: true), train, valid, context);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Model.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override TrainingTask CreateTask() => new LanguageTask(Model, Recipe.Training, _train, _valid, _context);

    /// <inheritdoc/>
    protected override string ConfigText() => DecoderOnlyConfigJson.Text(Model.Config);
}
