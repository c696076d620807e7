using Multihead.Training.Schedules;

namespace Multihead.Training;

/// <summary>How to learn: everything that decides the outcome of a run beside the data and the model.</summary>
public sealed record TrainingOptions
{
    /// <summary>Updates of the weights.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Most tokens a side (source, target) in one batch.</summary>
    public int BatchTokens { get; init; } = 4_096;

    /// <summary>Batches whose gradients are summed for one update.</summary>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>The learning rate by step.</summary>
    public LearningRateSchedule Schedule { get; init; } = new InverseSquareRootSchedule();

    /// <summary>The optimizer's constants.</summary>
    public AdamOptions Adam { get; init; } = new();

    /// <summary>The largest Euclidean norm of the gradient; larger ones are scaled down to it. 0 turns clipping off.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The number format of the products' operands.</summary>
    public Precision Precision { get; init; }

    /// <summary>Label smoothing, 0..1: section 5.4 of "Attention Is All You Need".</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Steps from one validation to the next.</summary>
    public int ValidateEvery { get; init; } = 500;

    /// <summary>Steps from one saved state to the next; what a killed run loses at most.</summary>
    public int SaveEvery { get; init; } = 500;

    /// <summary>How many of the last saved states are averaged at the end to make the model: section 6.1. With 1 none are, and the
    /// model is what had the lowest validation loss.</summary>
    public int AveragedStates { get; init; } = 5;

    /// <summary>Decides the first weights, the order of batches and dropout.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Refuses values that cannot be meant.</summary>
    /// <exception cref="MultiheadException">Names the first bad one.</exception>
    internal void Validate()
    {
        Require(Steps is >= 1 and <= 100_000_000, nameof(Steps), Steps, "1 to 100,000,000");
        Require(BatchTokens is >= 16 and <= 1 << 20, nameof(BatchTokens), BatchTokens, "16 to 1,048,576");
        Require(AccumulatedBatches is >= 1 and <= 4096, nameof(AccumulatedBatches), AccumulatedBatches, "1 to 4,096");
        Require(ClipNorm >= 0, nameof(ClipNorm), ClipNorm, "0 or more");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 to below 1");
        Require(ValidateEvery >= 1, nameof(ValidateEvery), ValidateEvery, "1 or more");
        Require(SaveEvery >= 1, nameof(SaveEvery), SaveEvery, "1 or more");
        Require(AveragedStates is >= 1 and <= 100, nameof(AveragedStates), AveragedStates, "1 to 100");
        Schedule.Validate();
        Adam.Validate();
        Precision.Validate();
    }

    internal static void Require(bool holds, string name, IFormattable value, string expected)
    {
        if (holds) return;
        var given = value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        var key = string.Join('.', name.Split('.').Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));
        throw new MultiheadException($"Training option '{key}' is {given}, expected {expected}; change it in the recipe.");
    }
}

/// <summary>Adam: Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980, with decoupled weight decay (AdamW),
/// https://arxiv.org/abs/1711.05101. The defaults are those of "Attention Is All You Need", section 5.3.</summary>
public sealed record AdamOptions
{
    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-9;

    /// <summary>Share of a weight, times the learning rate, that is taken away at every step.</summary>
    public double WeightDecay { get; init; }

    internal void Validate()
    {
        // The kernel works in fp32, where 1 - beta and epsilon must not vanish.
        TrainingOptions.Require(Beta1 is >= 0 and <= 0.999999, "Adam.Beta1", Beta1, "0 to 0.999999");
        TrainingOptions.Require(Beta2 is >= 0 and <= 0.999999, "Adam.Beta2", Beta2, "0 to 0.999999");
        TrainingOptions.Require(Epsilon is >= 1e-30 and <= 1, "Adam.Epsilon", Epsilon, "1e-30 to 1");
        TrainingOptions.Require(WeightDecay is >= 0 and <= 1, "Adam.WeightDecay", WeightDecay, "0 to 1");
    }
}
