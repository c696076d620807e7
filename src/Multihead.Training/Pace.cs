using System.Diagnostics;
using Multihead.Training.Reports;
using Multihead.Training.Tasks;

namespace Multihead.Training;

/// <summary>How fast a run goes: tokens and operations over the time spent in steps.</summary>
internal sealed class Pace(int stepsToGo)
{
    private readonly Stopwatch _inSteps = new();
    private readonly Stopwatch _overall = Stopwatch.StartNew();
    private long _tokens;
    private double _flops;
    private int _steps;

    /// <summary>A step begins.</summary>
    public void Start() => _inSteps.Start();

    /// <summary>The step over these batches has ended.</summary>
    public void Stop(TaskBatches batches)
    {
        _inSteps.Stop();
        _steps++;
        for (var i = 0; i < batches.Count; i++)
        {
            _tokens += batches.Tokens(i);
            _flops += batches.Flops(i);
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
