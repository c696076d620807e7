using Multihead.Models;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Training.Batches;

namespace Multihead.Training;

/// <summary>Measures the loss on pairs that are not learned from: nats a target token, without label smoothing and dropout. It
/// computes in memory that its owner needs for nothing else meanwhile, as a trainer between two steps.</summary>
internal sealed class Validation
{
    private readonly EncoderDecoder _model;
    private readonly EncodedCorpus _corpus;
    private readonly BatchPlan _plan;
    private readonly Batch _batch;
    private readonly Workspace _workspace;

    public Validation(EncoderDecoder model, EncodedCorpus corpus, int batchTokens, Workspace owner)
    {
        (_model, _corpus) = (model, corpus);
        _workspace = new Workspace(owner.Team, arena: owner.Arena);
        _batch = new Batch(batchTokens);
        _plan = new BatchPlan(corpus, batchTokens, seed: 0);
        _plan.Plan(0);
    }

    /// <summary>The mean over all target tokens.</summary>
    public double Loss()
    {
        LossSum sum = default;
        for (var i = 0; i < _plan.BatchCount; i++)
        {
            _batch.Fill(_corpus, _plan[i], _model.Config);
            _workspace.BeginStep();
            sum += _model.Loss(_workspace, _batch.Sources, _batch.Inputs, _batch.Targets, 0, 0);
        }
        return sum.NegativeLogLikelihood / sum.Tokens;
    }
}
