namespace Multihead.Training;

/// <summary>Where a run stands, reported after every step.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>Steps done, those of earlier runs included.</summary>
    public int Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public int TotalSteps { get; init; }

    /// <summary>Loss of this step: nats a target token, with label smoothing.</summary>
    public double Loss { get; init; }

    /// <summary>The rate of this step.</summary>
    public double LearningRate { get; init; }

    /// <summary>The last measured validation loss: nats a target token, without smoothing; null before the first.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Source and target tokens a second since this run began, validation and saving left out.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Floating-point operations a second of the products, forward and backward, over the same time.</summary>
    public double FlopsPerSecond { get; init; }

    /// <summary>Time left at the pace so far.</summary>
    public TimeSpan Remaining { get; init; }
}
