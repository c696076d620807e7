using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Training.Benchmarks;

/// <summary>An encoder-decoder that learns to translate random sources into random targets.</summary>
internal sealed class TranslationCase : TrainingCase
{
    private readonly EncoderDecoder _model;

    public TranslationCase(ModelConfig config, int pairs, int length, Precision precision, ThreadTeam team)
        : this(new EncoderDecoder(config, learning: true),
            new RandomBatch(config.VocabularySize, pairs, length, hasSources: true), precision, team)
    {
    }

    private TranslationCase(EncoderDecoder model, RandomBatch batch, Precision precision, ThreadTeam team)
        : base(model.Parameters, batch, precision, team) => _model = model;

    /// <inheritdoc/>
    public override int SourceTokens => Batch.Sources.Length;

    /// <inheritdoc/>
    public override double Flops => EncoderDecoderFlops.Training(_model.Config, SourceTokens, TargetTokens);

    /// <inheritdoc/>
    public override double Bytes => StepTraffic.Bytes(_model.Config, SourceTokens, TargetTokens, Parameters.ParameterCount);

    /// <inheritdoc/>
    protected override int HeadCount => _model.Config.HeadCount;

    /// <inheritdoc/>
    protected override float LabelSmoothing => 0.1f; // section 5.4 of the paper

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _model.Dispose();
    }

    /// <inheritdoc/>
    protected override LossSum Loss(Workspace workspace, float gradientScale) =>
        _model.Loss(workspace, new TokenSequences(Batch.Sources, Batch.Lengths), new TokenSequences(Batch.Inputs, Batch.Lengths),
            Batch.Targets, LabelSmoothing, gradientScale);
}
