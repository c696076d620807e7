using System.Globalization;

namespace Multihead.Text.Corpora;

/// <summary>Which pairs are not worth learning from.</summary>
public sealed record CorpusFilterOptions
{
    /// <summary>Most characters on either side.</summary>
    public int MaxCharacters { get; init; } = 2_000;

    /// <summary>The longer side may have so many times the shorter one's characters; not asked of sides below 20.</summary>
    public double MaxRatio { get; init; } = 4;

    /// <summary>Whether a pair that stood before is dropped.</summary>
    public bool DropDuplicates { get; init; } = true;
}

/// <summary>Leaves out training pairs and counts why. Pairs to judge by are never filtered: that would make the task easier.
/// </summary>
public static class CorpusFilter
{
    private const int ShortSide = 20;

    /// <summary>The pairs that are kept, in order, and how many were dropped for each reason.</summary>
    public static List<SentencePair> Apply(IEnumerable<SentencePair> pairs, CorpusFilterOptions options,
        out IReadOnlyList<ReasonCount> dropped)
    {
        List<SentencePair> kept = [];
        HashSet<SentencePair> seen = [];
        var (empty, tooLong, ratio, repeated) = (0, 0, 0, 0);
        foreach (var pair in pairs)
        {
            var (shorter, longer) = (Math.Min(pair.Source.Length, pair.Target.Length), Math.Max(pair.Source.Length, pair.Target.Length));
            if (string.IsNullOrWhiteSpace(pair.Source) || string.IsNullOrWhiteSpace(pair.Target)) empty++;
            else if (longer > options.MaxCharacters) tooLong++;
            else if (longer >= ShortSide && longer > options.MaxRatio * shorter) ratio++;
            else if (options.DropDuplicates && !seen.Add(pair)) repeated++;
            else kept.Add(pair);
        }
        dropped = [new("empty", empty), new($"longer than {Number(options.MaxCharacters)} characters", tooLong),
            new($"lengths differ more than {Number(options.MaxRatio)} times", ratio), new("repeated", repeated)];
        return kept;
    }

    private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
