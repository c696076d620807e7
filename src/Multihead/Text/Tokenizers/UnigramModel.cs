using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>The unigram language model (Kudo 2018, https://arxiv.org/abs/1804.10959): of all ways to spell a text the one whose
/// pieces' scores sum highest, found by Viterbi's algorithm. A character without a piece costs the lowest score less
/// 10.</summary>
internal sealed class UnigramModel : ITokenModel
{
    private const float UnknownPenalty = 10;
    private readonly Dictionary<long, int> _children = []; // a trie: (node, character) to node
    private readonly List<int> _idOfNode = [-1];
    private readonly float[] _scores;
    private readonly float _unknownScore;
    private readonly PieceFallback _fallback;

    /// <param name="pieces">By id; only normal ones are made of text.</param>
    /// <param name="fallback">For characters without a piece.</param>
    public UnigramModel(IReadOnlyList<Piece> pieces, PieceFallback fallback)
    {
        _fallback = fallback;
        _scores = [.. pieces.Select(piece => piece.Score)];
        for (var id = 0; id < pieces.Count; id++)
            if (pieces[id].Type == PieceType.Normal) Add(pieces[id].Text, id);
        _unknownScore = pieces.Where(piece => piece.Type == PieceType.Normal)
            .Select(piece => piece.Score).DefaultIfEmpty().Min() - UnknownPenalty;
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var best = new (float Score, int Start, int Id)[word.Length + 1]; // the best way to end here; Start -1 for none yet
        Array.Fill(best, (0, -1, -1));
        for (int at = 0, length; at < word.Length; at += length)
        {
            Rune.DecodeFromUtf16(word[at..], out _, out length);
            var spelt = false;
            for (int end = at, node = 0; end < word.Length && _children.TryGetValue(Key(node, word[end]), out node);)
            {
                end++;
                if (_idOfNode[node] is not (>= 0 and var id)) continue;
                Offer(best, at, end, id, _scores[id]);
                spelt |= end - at == length;
            }
            if (!spelt) Offer(best, at, at + length, -1, _unknownScore);
        }
        Append(word, best, ids);
    }

    private void Append(ReadOnlySpan<char> word, (float Score, int Start, int Id)[] best, List<int> ids)
    {
        var ends = new Stack<int>();
        for (var end = word.Length; end > 0; end = best[end].Start) ends.Push(end);
        var unknown = false;
        foreach (var end in ends)
        {
            var (_, start, id) = best[end];
            if (id >= 0) ids.Add(id);
            else _fallback.Append(word[start..end], unknown, ids);
            unknown = id < 0;
        }
    }

    private static void Offer((float Score, int Start, int Id)[] best, int start, int end, int id, float score)
    {
        score += best[start].Score;
        if (best[end].Start < 0 || score > best[end].Score) best[end] = (score, start, id);
    }

    private void Add(string piece, int id)
    {
        var node = 0;
        foreach (var c in piece)
        {
            if (!_children.TryGetValue(Key(node, c), out var child))
            {
                child = _idOfNode.Count;
                _children.Add(Key(node, c), child);
                _idOfNode.Add(-1);
            }
            node = child;
        }
        _idOfNode[node] = id;
    }

    private static long Key(int node, char c) => (long)node << 16 | c;
}
