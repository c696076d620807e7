namespace Multihead.Text.Metrics;

/// <summary>Levenshtein distance to one reference, looked for only near the diagonal, as Tercom does.</summary>
internal sealed class BeamEditDistance(int[] reference)
{
    private const int BeamWidth = 25;
    private const int Unreached = 1 << 28;

    private int[] _costs = [];
    private Edit[] _edits = [];
    private int _words = -1;

    private enum Edit : byte { Keep, Substitute, Insert, Delete }

    /// <summary>The distance of words; <see cref="Align"/> speaks of the last ones.</summary>
    public int Of(ReadOnlySpan<int> words)
    {
        var width = reference.Length + 1;
        Prepare(words.Length, width);
        var ratio = words.Length == 0 ? 1 : (double)reference.Length / words.Length;
        var beam = ratio / 2 > BeamWidth ? (int)Math.Ceiling(ratio / 2 + BeamWidth) : BeamWidth;
        for (var i = 1; i <= words.Length; i++)
        {
            var diagonal = (int)(i * ratio);
            var end = i == words.Length ? width : Math.Min(width, diagonal + beam);
            for (var j = Math.Max(0, diagonal - beam); j < end; j++) Step(i, j, width, words[i - 1]);
        }
        return _costs[words.Length * width + reference.Length];
    }

    /// <summary>Follows the edits of the last words.</summary>
    /// <param name="wordOf">[reference]: the word at, or before, each word of the reference; -1 before the first.</param>
    /// <param name="wrongWords">[words]: whether a word must change.</param>
    /// <param name="wrongReference">[reference]: whether a word of the reference isn't there.</param>
    public void Align(Span<int> wordOf, Span<bool> wrongWords, Span<bool> wrongReference)
    {
        var (i, j) = (_words, reference.Length);
        while (i > 0 || j > 0)
        {
            var edit = _edits[i * (reference.Length + 1) + j];
            if (edit != Edit.Delete) (wordOf[j - 1], wrongReference[j - 1]) = (i - 1, edit != Edit.Keep);
            if (edit != Edit.Insert) wrongWords[i - 1] = edit != Edit.Keep;
            if (edit != Edit.Delete) j--;
            if (edit != Edit.Insert) i--;
        }
    }

    private void Prepare(int words, int width)
    {
        var size = (words + 1) * width;
        if (_costs.Length < size) (_costs, _edits) = (new int[size], new Edit[size]);
        _words = words;
        _costs.AsSpan(width, size - width).Fill(Unreached);
        for (var j = 0; j < width; j++) (_costs[j], _edits[j]) = (j, Edit.Insert);
    }

    // Among equals: keep or substitute, then delete, then insert.
    private void Step(int i, int j, int width, int word)
    {
        var at = i * width + j;
        var (cost, edit) = (_costs[at - width] + 1, Edit.Delete);
        if (j > 0)
        {
            var same = word == reference[j - 1];
            var diagonal = _costs[at - width - 1] + (same ? 0 : 1);
            if (diagonal <= cost) (cost, edit) = (diagonal, same ? Edit.Keep : Edit.Substitute);
            if (_costs[at - 1] + 1 < cost) (cost, edit) = (_costs[at - 1] + 1, Edit.Insert);
        }
        (_costs[at], _edits[at]) = (cost, edit);
    }
}
