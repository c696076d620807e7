namespace Multihead.Kernels.Optimizers;

/// <summary>The numbers of one optimizer step.</summary>
internal readonly record struct AdamStep
{
    /// <summary>Alpha, of this step.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Decay of the mean of gradients.</summary>
    public required float Beta1 { get; init; }

    /// <summary>Decay of the mean of squared gradients.</summary>
    public required float Beta2 { get; init; }

    /// <summary>Added to the root of the mean square, after bias correction.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Decoupled: weights shrink by LearningRate * WeightDecay of themselves.</summary>
    public required float WeightDecay { get; init; }

    /// <summary>What gradients are multiplied by first: clipping, averaging, loss scaling.</summary>
    public required float GradientScale { get; init; }

    /// <summary>Number of this step, from 1.</summary>
    public required int Step { get; init; }
}
