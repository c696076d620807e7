namespace Multihead.Text.Metrics;

/// <summary>The fewest edits that Tercom's greedy search finds: as long as moving a phrase saves more than it costs, the best
/// such move is made.</summary>
internal static class TerShifts
{
    private const int LongestShift = 10;
    private const int FarthestShift = 50;
    private const int MostCandidates = 1_000;

    private readonly record struct Shift(int Gain, int Length, int Start, int Target)
    {
        // The greatest gain, then the longest, then the earliest phrase to the earliest place.
        public bool Beats(Shift other) =>
            (Gain, Length, -Start, -Target).CompareTo((other.Gain, other.Length, -other.Start, -other.Target)) > 0;
    }

    public static int Edits(int[] words, int[] reference)
    {
        if (reference.Length == 0) return words.Length;
        var distance = new BeamEditDistance(reference);
        var (shifts, candidates) = (0, 0);
        while (true)
        {
            var best = Best(words, reference, distance, ref candidates);
            if (candidates >= MostCandidates || best.Gain <= 0) return shifts + distance.Of(words);
            words = Shifted(words, best);
            shifts++;
        }
    }

    private static Shift Best(int[] words, int[] reference, BeamEditDistance distance, ref int candidates)
    {
        var before = distance.Of(words);
        var wordOf = new int[reference.Length];
        var (wrongWords, wrongReference) = (new bool[words.Length], new bool[reference.Length]);
        distance.Align(wordOf, wrongWords, wrongReference);
        var best = new Shift(int.MinValue, 0, 0, 0);
        foreach (var (start, referenceStart, length) in Matches(words, reference))
        {
            if (!wrongWords.AsSpan(start, length).Contains(true)) continue;
            if (!wrongReference.AsSpan(referenceStart, length).Contains(true)) continue;
            if (wordOf[referenceStart] >= start && wordOf[referenceStart] < start + length) continue; // into itself
            var last = -1;
            for (var at = referenceStart - 1; at < referenceStart + length; at++)
            {
                var target = at < 0 ? 0 : wordOf[at] + 1;
                if (target == last) continue;
                last = target;
                var shift = new Shift(0, length, start, target);
                shift = shift with { Gain = before - distance.Of(Shifted(words, shift)) };
                candidates++;
                if (shift.Beats(best)) best = shift;
            }
            if (candidates >= MostCandidates) break;
        }
        return best;
    }

    /// <summary>Every phrase that the two have in common, not too far away.</summary>
    private static IEnumerable<(int Start, int ReferenceStart, int Length)> Matches(int[] words, int[] reference)
    {
        for (var i = 0; i < words.Length; i++)
            for (var j = Math.Max(0, i - FarthestShift); j < Math.Min(reference.Length, i + FarthestShift + 1); j++)
                for (var length = 1; length <= LongestShift && i + length <= words.Length && j + length <= reference.Length
                    && words[i + length - 1] == reference[j + length - 1]; length++)
                    yield return (i, j, length);
    }

    private static int[] Shifted(int[] words, Shift shift)
    {
        var (start, end, target) = (shift.Start, shift.Start + shift.Length, shift.Target);
        var phrase = words[start..end];
        if (target < start) return [.. words[..target], .. phrase, .. words[target..start], .. words[end..]];
        if (target > end) return [.. words[..start], .. words[end..target], .. phrase, .. words[target..]];
        // A place within the phrase counts from behind it.
        var after = Math.Min(words.Length, shift.Length + target);
        return [.. words[..start], .. words[end..after], .. phrase, .. words[after..]];
    }
}
