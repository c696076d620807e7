using Multihead.Models;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Training.Batches;

namespace Multihead.Training;

/// <summary>Measures the loss on pairs that are not learned from: nats a target token, without label smoothing and dropout.
/// </summary>
internal sealed class Validation
{
    private readonly EncoderDecoder _model;
    private readonly EncodedCorpus _corpus;
    private readonly BatchPlan _plan;
    private readonly Batch _batch;

    public Validation(EncoderDecoder model, EncodedCorpus corpus, int batchTokens)
    {
        (_model, _corpus) = (model, corpus);
        _batch = new Batch(batchTokens);
        _plan = new BatchPlan(corpus, batchTokens, seed: 0);
        _plan.Plan(0);
    }

    /// <summary>The mean over all target tokens.</summary>
    /// <param name="w">A workspace without a tape.</param>
    public double Loss(Workspace w)
    {
        LossSum sum = default;
        for (var i = 0; i < _plan.BatchCount; i++)
        {
            _batch.Fill(_corpus, _plan[i], _model.Config);
            w.BeginStep();
            sum += _model.Loss(w, _batch.Sources, _batch.Inputs, _batch.Targets, 0, 0);
        }
        return sum.NegativeLogLikelihood / sum.Tokens;
    }
}
