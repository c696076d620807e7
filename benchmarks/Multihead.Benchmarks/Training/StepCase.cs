using Multihead.Benchmarks.Harness;

namespace Multihead.Benchmarks.Training;

internal sealed class StepCase
{
    public static IReadOnlyList<BenchmarkCase> All => [];
}
