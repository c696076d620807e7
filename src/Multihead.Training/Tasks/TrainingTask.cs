using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Training.Tasks;

/// <summary>What is learned, as the trainer sees it: weights, batches in an order that the seed decides, and a loss.</summary>
internal abstract class TrainingTask
{
    /// <summary>The model's weights.</summary>
    public abstract ParameterStore Parameters { get; }

    /// <summary>Equal for the same text in the same tokens.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>Tokens of an average step, both sides counted where there are two.</summary>
    public abstract double TokensPerStep { get; }

    /// <summary>The batches in order.</summary>
    /// <param name="skip">Batches that an earlier run has used.</param>
    public abstract TaskBatches Open(long skip);

    /// <summary>Forward and backward of the largest batch that can come, of any tokens.</summary>
    public abstract void Rehearse(Workspace w);

    /// <summary>The loss of text that is not learned from: nats a target token, without label smoothing and dropout.</summary>
    /// <param name="w">A workspace without a tape.</param>
    public abstract double ValidationLoss(Workspace w);
}

/// <summary>The batches of a step, and of the next. Those of one step are valid until <see cref="Next"/>.</summary>
internal abstract class TaskBatches : IDisposable
{
    /// <summary>Batches whose gradients are summed for one step.</summary>
    public abstract int Count { get; }

    /// <summary>Goes on to the next step's.</summary>
    public abstract void Next();

    /// <summary>Tokens of a batch, both sides counted where there are two.</summary>
    public abstract int Tokens(int batch);

    /// <summary>Predictions that a batch makes.</summary>
    public abstract int Targets(int batch);

    /// <summary>Floating-point operations of a batch's products, forward and backward.</summary>
    public abstract double Flops(int batch);

    /// <summary>The cost of a batch, and with a tape the gradients, up to <see cref="Workspace.Backward"/>.</summary>
    public abstract LossSum Loss(Workspace w, int batch, float smoothing, float gradientScale);

    /// <inheritdoc/>
    public abstract void Dispose();
}
