namespace Multihead.Benchmarks.Harness;

/// <summary>Cases that are measured by one command.</summary>
internal sealed record Suite(string Name, string Description, IReadOnlyList<BenchmarkCase> Cases);
