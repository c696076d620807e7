namespace Multihead.Text.Metrics;

/// <summary>TER: the edits, shifts of phrases among them, that turn a translation into its reference, a hundred words of the
/// reference. Snover et al. 2006, https://aclanthology.org/2006.amta-papers.25. Searches, breaks ties and gives up as
/// Tercom 7.25 and sacreBLEU 2 do. Lines are split at white space, not normalised.</summary>
public static class Ter
{
    /// <summary>Scores a whole translation.</summary>
    /// <param name="hypotheses">The translation, one line a segment.</param>
    /// <param name="references">[reference][segment]: one or more reference translations, each with as many lines as the
    /// hypotheses. A null or empty line means that this reference lacks the segment; each segment needs one at least.</param>
    /// <param name="options">How to count; sacreBLEU's defaults where null.</param>
    /// <exception cref="MultiheadException">No lines, differing numbers of lines, or a segment without any reference.
    /// </exception>
    public static TerScore Corpus(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string?>> references, TerOptions? options = null)
    {
        options ??= new TerOptions();
        var segments = new ReferenceSegments(hypotheses, references);
        var ids = new TokenIds();
        var (edits, length) = (0L, 0.0);
        for (var segment = 0; segment < hypotheses.Count; segment++)
        {
            var hypothesis = Words(hypotheses[segment]);
            var (fewest, lengths) = (int.MaxValue, 0L);
            var lines = segments.Of(segment);
            foreach (var line in lines)
            {
                var reference = Words(line);
                fewest = Math.Min(fewest, TerShifts.Edits(hypothesis, reference));
                lengths += reference.Length;
            }
            edits += fewest;
            length += (double)lengths / lines.Count;
        }
        return new TerScore
        {
            Score = length > 0 ? 100 * edits / length : edits > 0 ? 100 : 0,
            Edits = edits,
            ReferenceLength = length,
            Signature = Signatures.Ter(options, segments.CountName),
        };

        int[] Words(string line) => ids.Words(options.CaseSensitive ? line : LowerCase.Of(line)).ToArray();
    }

    /// <summary>Scores one sentence.</summary>
    /// <exception cref="MultiheadException">No reference.</exception>
    public static TerScore Sentence(string hypothesis, IReadOnlyList<string> references, TerOptions? options = null) =>
        Corpus([hypothesis], [.. references.Select(reference => new[] { reference })], options);
}
