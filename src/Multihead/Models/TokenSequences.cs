using Multihead.Kernels.Attention;
using Multihead.Tensors;

namespace Multihead.Models;

/// <summary>A batch of token sequences, ragged: the ids of the first, then of the second, and how long each is.</summary>
internal readonly ref struct TokenSequences(ReadOnlySpan<int> ids, ReadOnlySpan<int> lengths)
{
    /// <summary>All tokens, sequence after sequence.</summary>
    public readonly ReadOnlySpan<int> Ids = ids;

    /// <summary>Tokens of each sequence; their sum is the number of ids.</summary>
    public readonly ReadOnlySpan<int> Lengths = lengths;

    /// <summary>0, 1, 2, .. within each sequence.</summary>
    public unsafe ReadOnlySpan<int> Positions(Workspace w)
    {
        var positions = new Span<int>(w.Arena.Take<int>(Ids.Length), Ids.Length);
        var at = 0;
        foreach (var length in Lengths)
            for (var i = 0; i < length; i++) positions[at++] = i;
        return positions;
    }

    /// <summary>The row of the last token of each sequence.</summary>
    public unsafe ReadOnlySpan<int> Ends(Workspace w)
    {
        var ends = new Span<int>(w.Arena.Take<int>(Lengths.Length), Lengths.Length);
        for (int i = 0, end = 0; i < ends.Length; i++) ends[i] = (end += Lengths[i]) - 1;
        return ends;
    }

    /// <summary>Which rows attend to which: the sequences of <paramref name="queries"/> to those of <paramref name="keys"/>, each
    /// to its own.</summary>
    public static unsafe ReadOnlySpan<AttentionSpan> Spans(Workspace w, in TokenSequences queries, in TokenSequences keys)
    {
        var count = queries.Lengths.Length;
        var spans = new Span<AttentionSpan>(w.Arena.Take<AttentionSpan>(count), count);
        var (query, key) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            spans[i] = new AttentionSpan(query, queries.Lengths[i], key, keys.Lengths[i]);
            query += queries.Lengths[i];
            key += keys.Lengths[i];
        }
        return spans;
    }
}
