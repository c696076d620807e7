using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Training.Benchmarks;

/// <summary>A decoder-only model that learns to go on with random text.</summary>
internal sealed class LanguageModelCase : TrainingCase
{
    private readonly DecoderOnly _model;

    public LanguageModelCase(DecoderOnlyConfig config, int sequences, int length, Precision precision, ThreadTeam team)
        : this(new DecoderOnly(config, learning: true),
            new RandomBatch(config.VocabularySize, sequences, length, hasSources: false), precision, team)
    {
    }

    private LanguageModelCase(DecoderOnly model, RandomBatch batch, Precision precision, ThreadTeam team)
        : base(model.Parameters, batch, precision, team) => _model = model;

    /// <inheritdoc/>
    public override int SourceTokens => 0;

    /// <inheritdoc/>
    public override double Flops => DecoderOnlyFlops.Training(_model.Config, Batch.Lengths);

    /// <inheritdoc/>
    public override double Bytes => StepTraffic.Bytes(_model.Config, TargetTokens, Parameters.ParameterCount);

    /// <inheritdoc/>
    protected override int HeadCount => _model.Config.HeadCount;

    /// <inheritdoc/>
    protected override float LabelSmoothing => 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _model.Dispose();
    }

    /// <inheritdoc/>
    protected override LossSum Loss(Workspace workspace, float gradientScale) =>
        _model.Loss(workspace, new TokenSequences(Batch.Inputs, Batch.Lengths), Batch.Targets, LabelSmoothing, gradientScale);
}
