using System.Globalization;
using System.Text.Json;

namespace Multihead.Benchmarks.Harness;

/// <summary>The results, for people and for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One result in a line of fixed columns.</summary>
    public static string Line(CaseResult r) => string.Create(CultureInfo.InvariantCulture,
        $"{r.Name,-20} {r.Precision,-4} : {r.Baseline,-13} {Speed(r.Ours),9} {Speed(r.Theirs),9} {r.Unit,-9} "
        + $"{r.Ratio,6:F2} ({r.LowestRatio:F2}..{r.HighestRatio:F2})  {100 * r.PeakShare,3:F0}% of peak  "
        + $"{r.OursPeakMB,6:F0} {r.TheirsPeakMB,6:F0} MB");

    /// <summary>{"cases":[...]} in one line.</summary>
    public static void WriteJson(IReadOnlyList<CaseResult> results, TextWriter to) =>
        to.WriteLine(JsonSerializer.Serialize(new { Cases = results.Select(Rounded) }, Json));

    private static string Speed(double value) => value.ToString(value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private static CaseResult Rounded(CaseResult r) => r with
    {
        Ours = Math.Round(r.Ours, 1),
        Theirs = Math.Round(r.Theirs, 1),
        Ratio = Math.Round(r.Ratio, 3),
        LowestRatio = Math.Round(r.LowestRatio, 3),
        HighestRatio = Math.Round(r.HighestRatio, 3),
        PeakShare = Math.Round(r.PeakShare, 4),
        OursPeakMB = Math.Round(r.OursPeakMB, 1),
        TheirsPeakMB = Math.Round(r.TheirsPeakMB, 1),
    };
}
