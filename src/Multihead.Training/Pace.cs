using System.Diagnostics;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Training.Batches;
using Multihead.Training.Reports;

namespace Multihead.Training;

/// <summary>How fast a run goes: tokens and operations over the time spent in steps.</summary>
internal sealed class Pace(ModelConfig config, int stepsToGo)
{
    private readonly Stopwatch _inSteps = new();
    private readonly Stopwatch _overall = Stopwatch.StartNew();
    private long _tokens;
    private double _flops;
    private int _steps;

    /// <summary>A step begins.</summary>
    public void Start() => _inSteps.Start();

    /// <summary>The step over these batches has ended.</summary>
    public void Stop(ReadOnlySpan<Batch> batches)
    {
        _inSteps.Stop();
        _steps++;
        foreach (var batch in batches)
        {
            _tokens += batch.SourceTokens + batch.TargetTokens;
            _flops += EncoderDecoderFlops.Training(config, batch.SourceTokens, batch.TargetTokens);
        }
    }

    /// <summary>The progress after the last step.</summary>
    public TrainingProgress Report(int totalSteps, in LossRow row, double? validationLoss) => new()
    {
        Step = (int)row.Step,
        TotalSteps = totalSteps,
        Loss = row.Loss,
        LearningRate = row.LearningRate,
        ValidationLoss = validationLoss,
        TokensPerSecond = _tokens / _inSteps.Elapsed.TotalSeconds,
        FlopsPerSecond = _flops / _inSteps.Elapsed.TotalSeconds,
        Remaining = _overall.Elapsed / _steps * (stepsToGo - _steps),
    };
}
