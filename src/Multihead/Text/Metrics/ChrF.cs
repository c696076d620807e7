namespace Multihead.Text.Metrics;

/// <summary>chrF: the F score over character n-grams, and chrF++ with word n-grams beside them, 0 to 100.
/// Popovic 2015 and 2017, https://aclanthology.org/W15-3049 and https://aclanthology.org/W17-4770. Counts as sacreBLEU 2 does.
/// </summary>
public static class ChrF
{
    /// <summary>Scores a whole translation; of several references each segment counts against the one it fits best.</summary>
    /// <param name="hypotheses">The translation, one line a segment, not tokenised.</param>
    /// <param name="references">[reference][segment]: one or more reference translations, each with as many lines as the
    /// hypotheses. A null or empty line means that this reference lacks the segment; each segment needs one at least.</param>
    /// <param name="options">How to count; chrF2 where null.</param>
    /// <exception cref="MultiheadException">No lines, differing numbers of lines, a segment without any reference, or options
    /// out of range.</exception>
    public static ChrFScore Corpus(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string?>> references, ChrFOptions? options = null)
    {
        options ??= new ChrFOptions();
        options.Check();
        var segments = new ReferenceSegments(hypotheses, references);
        var counts = new ChrFCounts(options);
        for (var segment = 0; segment < hypotheses.Count; segment++) counts.Add(hypotheses[segment], segments.Of(segment));
        return new ChrFScore
        {
            Score = ChrFFormula.Score(counts.Totals, options),
            Name = $"chrF{options.Beta}{new string('+', options.WordOrder)}",
            Signature = Signatures.ChrF(options, segments.CountName),
        };
    }

    /// <summary>Scores one sentence.</summary>
    /// <exception cref="MultiheadException">No reference, or options out of range.</exception>
    public static ChrFScore Sentence(string hypothesis, IReadOnlyList<string> references, ChrFOptions? options = null) =>
        Corpus([hypothesis], [.. references.Select(reference => new[] { reference })], options);
}
