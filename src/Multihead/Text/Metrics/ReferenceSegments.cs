using System.Globalization;

namespace Multihead.Text.Metrics;

/// <summary>The references of each segment, gathered across reference translations and checked against the hypotheses.</summary>
internal sealed class ReferenceSegments
{
    private readonly IReadOnlyList<IReadOnlyList<string?>> references;
    private readonly List<string> found = [];
    private int? uniform;
    private bool varies;

    /// <exception cref="MultiheadException">No hypotheses, no references, or not as many lines in each.</exception>
    public ReferenceSegments(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string?>> references)
    {
        this.references = references;
        if (hypotheses.Count == 0) throw new MultiheadException("There are no hypotheses to score; give one line or more.");
        if (references.Count == 0) throw new MultiheadException("There are no references to score against; give one or more.");
        for (var i = 0; i < references.Count; i++)
            if (references[i].Count != hypotheses.Count)
                throw new MultiheadException($"There are {hypotheses.Count} hypotheses, but reference {i + 1} has "
                    + $"{references[i].Count} lines; give both the same number of lines.");
    }

    /// <summary>How many references a segment has, as signatures write it; good after every segment was asked for.</summary>
    public string CountName => varies ? "var" : uniform.GetValueOrDefault().ToString(CultureInfo.InvariantCulture);

    /// <summary>The references of one segment, one at least; good until the next call.</summary>
    public List<string> Of(int segment)
    {
        found.Clear();
        foreach (var reference in references)
            if (reference[segment] is { Length: > 0 } line) found.Add(line);
        if (found.Count == 0)
            throw new MultiheadException($"Line {segment + 1} of the references is empty, so there is nothing to score against; "
                + "give the line a text or leave it out of the hypotheses and the references.");
        uniform ??= found.Count;
        varies |= uniform != found.Count;
        return found;
    }
}
