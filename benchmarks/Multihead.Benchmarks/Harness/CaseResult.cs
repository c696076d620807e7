namespace Multihead.Benchmarks.Harness;

/// <summary>One pairing of one case, measured. The property names, in camel case, are the keys of the JSON.</summary>
/// <param name="Name">The case.</param>
/// <param name="Precision">Of ours.</param>
/// <param name="Baseline">Program and precision of the other.</param>
/// <param name="Unit">What <paramref name="Ours"/> and <paramref name="Theirs"/> are told in.</param>
/// <param name="Ours">Median speed.</param>
/// <param name="Theirs">Median speed.</param>
/// <param name="Ratio">The median of the pairs' ratios, ours over theirs.</param>
/// <param name="LowestRatio">The lowest of them.</param>
/// <param name="HighestRatio">The highest of them.</param>
/// <param name="PeakShare">Ours, over what the processor can do in that precision.</param>
/// <param name="OursPeakMB">Most memory resident at once, in 10^6 bytes.</param>
/// <param name="TheirsPeakMB">The same of theirs.</param>
internal sealed record CaseResult(string Name, string Precision, string Baseline, string Unit, double Ours, double Theirs,
    double Ratio, double LowestRatio, double HighestRatio, double PeakShare, double OursPeakMB, double TheirsPeakMB);
