using Multihead.Benchmarks.Harness;
using Multihead.Kernels.Threading;
using Multihead.Training;
using Multihead.Training.Benchmarks;

namespace Multihead.Benchmarks.Training;

/// <summary>A training step of ours.</summary>
internal sealed class OurStep(string name, string precision) : IWork
{
    private readonly TrainingCase _case = TrainingCases.Create(name,
        precision == "bf16" ? Precision.Bf16 : Precision.Fp32, ThreadTeam.Shared);
    private StepOutcome? _first;

    public void Step()
    {
        var step = _case.Step();
        _first ??= step;
    }

    public void WriteResults(Exchange results) =>
        StepCase.WriteResults(results, _first!.Value.Loss, _first.Value.GradientNorm);

    public void Dispose() => _case.Dispose();
}
