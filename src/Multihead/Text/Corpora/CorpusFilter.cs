using System.Globalization;

namespace Multihead.Text.Corpora;

/// <summary>Limits that training rows must keep. They are for training rows alone: a filter on test rows would choose what is
/// measured.</summary>
/// <remarks>Words are what stands between white space; a Chinese or Japanese character counts as a word. Characters are UTF-16
/// code units.</remarks>
public sealed record CorpusFilter
{
    /// <summary>The fewest words of a side; 1 drops empty texts.</summary>
    public int MinWords { get; init; } = 1;

    /// <summary>The most words of a side.</summary>
    public int MaxWords { get; init; } = 400;

    /// <summary>The fewest characters of a side.</summary>
    public int MinCharacters { get; init; } = 1;

    /// <summary>The most characters of a side.</summary>
    public int MaxCharacters { get; init; } = 2000;

    /// <summary>The most words of one side for a word of the other; 1 or more.</summary>
    public double MaxLengthRatio { get; init; } = 9;

    /// <summary>Whether a row that stood before, both sides alike, is dropped.</summary>
    public bool DropRepeated { get; init; } = true;

    /// <summary>The rows within the limits, in their order, and how many were dropped by each limit: every row by the first it
    /// breaks, in the order of the properties.</summary>
    public FilteredRows Apply(IReadOnlyList<SentencePair> rows)
    {
        Limit[] limits =
        [
            new($"fewer than {Some(MinWords, "word")}", length => length.FewestWords >= MinWords),
            new($"more than {Some(MaxWords, "word")}", length => length.MostWords <= MaxWords),
            new($"fewer than {Some(MinCharacters, "character")}", length => length.FewestCharacters >= MinCharacters),
            new($"more than {Some(MaxCharacters, "character")}", length => length.MostCharacters <= MaxCharacters),
            new($"one side more than {Text(MaxLengthRatio)} times as long",
                length => length.MostWords <= MaxLengthRatio * length.FewestWords),
        ];
        var counts = new int[limits.Length];
        var kept = new List<SentencePair>(rows.Count);
        var seen = new HashSet<SentencePair>();
        var repeated = 0;
        foreach (var row in rows)
        {
            var length = RowLength.Of(row);
            var broken = Array.FindIndex(limits, limit => !limit.Holds(length));
            if (broken >= 0) counts[broken]++;
            else if (DropRepeated && !seen.Add(row)) repeated++;
            else kept.Add(row);
        }
        return new(kept, [.. limits.Zip(counts, (limit, count) => new RowCount(limit.Reason, count)), new("repeated", repeated)]);
    }

    private static string Some(int count, string thing) => count == 1 ? $"1 {thing}" : $"{Text(count)} {thing}s";

    private static string Text(IFormattable number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);

    private readonly record struct Limit(string Reason, Func<RowLength, bool> Holds);

    private readonly record struct RowLength(int FewestWords, int MostWords, int FewestCharacters, int MostCharacters)
    {
        public static RowLength Of(SentencePair row)
        {
            var (source, target) = (Words.Count(row.Source), Words.Count(row.Target));
            return new(Math.Min(source, target), Math.Max(source, target),
                Math.Min(row.Source.Length, row.Target.Length), Math.Max(row.Source.Length, row.Target.Length));
        }
    }
}
