using Multihead.Models;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Training.Batches;

namespace Multihead.Training.Tasks;

/// <summary>An encoder-decoder learns to translate sentence pairs.</summary>
internal sealed class TranslationTask(
    EncoderDecoder model, TrainingOptions options, EncodedCorpus training, EncodedCorpus validation) : TrainingTask
{
    private readonly Lazy<Validation> _validation = new(() => new Validation(model, validation, options.BatchTokens));

    /// <inheritdoc/>
    public override ParameterStore Parameters => model.Parameters;

    /// <inheritdoc/>
    public override string Fingerprint { get; } = EncodedCorpus.Fingerprint(training, validation);

    /// <inheritdoc/>
    public override double TokensPerStep
    {
        get
        {
            var plan = new BatchPlan(training, options.BatchTokens, options.Seed);
            plan.Plan(0);
            var perBatch = (training.TokenCount + 2.0 * training.Count) / plan.BatchCount; // with a mark a sentence
            return perBatch * options.AccumulatedBatches;
        }
    }

    /// <inheritdoc/>
    public override TaskBatches Open(long skip) =>
        new Pairs(model, new BatchQueue(training, options, model.Config, skip), options.AccumulatedBatches);

    /// <summary>A batch that fills its budget on both sides.</summary>
    public override void Rehearse(Workspace w)
    {
        var corpus = new EncodedCorpus();
        corpus.Add([], []);
        var batch = new Batch(options.BatchTokens);
        batch.Fill(corpus, new int[options.BatchTokens], model.Config);
        model.Loss(w, batch.Sources, batch.Inputs, batch.Targets, (float)options.LabelSmoothing, 1);
        w.Backward();
    }

    /// <inheritdoc/>
    public override double ValidationLoss(Workspace w) => _validation.Value.Loss(w);

    private sealed class Pairs(EncoderDecoder model, BatchQueue queue, int count) : TaskBatches
    {
        private readonly Batch[] _batches = new Batch[count];

        public override int Count => _batches.Length;

        public override void Next() => queue.Next(_batches);

        public override int Tokens(int batch) => _batches[batch].SourceTokens + _batches[batch].TargetTokens;

        public override int Targets(int batch) => _batches[batch].TargetTokens;

        public override double Flops(int batch) =>
            EncoderDecoderFlops.Training(model.Config, _batches[batch].SourceTokens, _batches[batch].TargetTokens);

        public override LossSum Loss(Workspace w, int batch, float smoothing, float gradientScale) => model.Loss(w,
            _batches[batch].Sources, _batches[batch].Inputs, _batches[batch].Targets, smoothing, gradientScale);

        public override void Dispose() => queue.Dispose();
    }
}
