using System.Text.Json.Serialization;

namespace Multihead.Training.Schedules;

/// <summary>The learning rate as a function of the step alone, so that a resumed run goes on as if never stopped. All rise
/// linearly to the peak over the warm-up.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(InverseSquareRootSchedule), "inverse-square-root")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(LinearSchedule), "linear")]
public abstract record LearningRateSchedule
{
    /// <summary>The highest rate, reached at the end of the warm-up.</summary>
    public double PeakRate { get; init; } = 1e-3;

    /// <summary>Steps of linear rise; at least 1.</summary>
    public int WarmupSteps { get; init; } = 400;

    /// <summary>The rate of a step.</summary>
    /// <param name="step">1 for the first.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public double RateAt(int step, int totalSteps) =>
        step < WarmupSteps ? PeakRate * step / WarmupSteps : PeakRate * Decay(step, totalSteps);

    internal virtual void Validate()
    {
        TrainingOptions.Require(WarmupSteps >= 1, "Schedule.WarmupSteps", WarmupSteps, "1 or more");
        TrainingOptions.Require(PeakRate is > 0 and < 100, "Schedule.PeakRate", PeakRate, "above 0 and below 100");
    }

    /// <summary>The share of the peak after the warm-up.</summary>
    protected abstract double Decay(int step, int totalSteps);

    /// <summary>How far the step is on the way from the warm-up's end to the last step: 0..1.</summary>
    protected double Progress(int step, int totalSteps) =>
        Math.Clamp((double)(step - WarmupSteps) / Math.Max(1, totalSteps - WarmupSteps), 0, 1);

    private protected static void ValidateFinalShare(double share) =>
        TrainingOptions.Require(share is >= 0 and <= 1, "Schedule.FinalShare", share, "0 to 1");
}

/// <summary>Falls with the root of the step: equation 3 of "Attention Is All You Need", https://arxiv.org/abs/1706.03762, where
/// the peak is dim^-0.5 * warmup^-0.5.</summary>
public sealed record InverseSquareRootSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Decay(int step, int totalSteps) => Math.Sqrt((double)Math.Max(1, WarmupSteps) / step);
}

/// <summary>Falls along half a cosine to a last share of the peak. Loshchilov and Hutter, 2017,
/// https://arxiv.org/abs/1608.03983, without restarts.</summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>The share of the peak at the last step, 0..1.</summary>
    public double FinalShare { get; init; }

    internal override void Validate()
    {
        base.Validate();
        ValidateFinalShare(FinalShare);
    }

    /// <inheritdoc/>
    protected override double Decay(int step, int totalSteps) =>
        FinalShare + (1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * Progress(step, totalSteps)));
}

/// <summary>Falls along a line to a last share of the peak.</summary>
public sealed record LinearSchedule : LearningRateSchedule
{
    /// <summary>The share of the peak at the last step, 0..1.</summary>
    public double FinalShare { get; init; }

    internal override void Validate()
    {
        base.Validate();
        ValidateFinalShare(FinalShare);
    }

    /// <inheritdoc/>
    protected override double Decay(int step, int totalSteps) => 1 - (1 - FinalShare) * Progress(step, totalSteps);
}
