namespace Multihead.Text.Metrics;

/// <summary>BLEU: the geometric mean of clipped n-gram precisions times a penalty for brevity, 0 to 100.
/// Papineni et al. 2002, https://aclanthology.org/P02-1040. Counts, smooths and rounds as sacreBLEU 2 does
/// (https://aclanthology.org/W18-6319), so that scores can be set beside published ones.</summary>
public static class Bleu
{
    /// <summary>Scores a whole translation; the n-grams of all lines are counted before anything is divided.</summary>
    /// <param name="hypotheses">The translation, one line a segment, not tokenised unless the options say so.</param>
    /// <param name="references">[reference][segment]: one or more reference translations, each with as many lines as the
    /// hypotheses. A null or empty line means that this reference lacks the segment; each segment needs one at least.</param>
    /// <param name="options">How to count; sacreBLEU's defaults where null.</param>
    /// <exception cref="MultiheadException">No lines, differing numbers of lines, a segment without any reference, or options
    /// out of range.</exception>
    public static BleuScore Corpus(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string?>> references, BleuOptions? options = null)
    {
        options ??= new BleuOptions();
        options.Check();
        var segments = new ReferenceSegments(hypotheses, references);
        var counts = new BleuCounts(options);
        for (var segment = 0; segment < hypotheses.Count; segment++) counts.Add(hypotheses[segment], segments.Of(segment));
        return BleuFormula.Score(counts.Matches, counts.Totals, counts.HypothesisLength, counts.ReferenceLength, options,
            Signatures.Bleu(options, segments.CountName));
    }

    /// <summary>Scores one sentence; with no options given, only the orders that the sentence is long enough for count.
    /// </summary>
    /// <exception cref="MultiheadException">No reference, or options out of range.</exception>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, BleuOptions? options = null) =>
        Corpus([hypothesis], [.. references.Select(reference => new[] { reference })],
            options ?? new BleuOptions { EffectiveOrder = true });
}
