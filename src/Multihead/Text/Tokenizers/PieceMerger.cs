using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>BPE whose merges are those that spell a piece: of all neighbours the pair whose piece has the highest score, the
/// leftmost of equals, becomes one symbol, until none is left. SentencePiece's <c>bpe_model.cc</c>; over bytes, tiktoken's.
/// O(n log n): the symbols are a linked list, the pairs wait in a heap, and an entry that is out of date is passed
/// over.</summary>
internal sealed class PieceMerger
{
    private readonly Dictionary<string, (int Id, float Score)>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly int _longest;

    /// <param name="pieces">Id and score by spelling.</param>
    public PieceMerger(Dictionary<string, (int Id, float Score)> pieces)
    {
        _pieces = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = pieces.Count == 0 ? 0 : pieces.Keys.Max(piece => piece.Length);
    }

    /// <summary>Finds the id of a piece.</summary>
    public bool TryGetId(ReadOnlySpan<char> piece, out int id)
    {
        var found = _pieces.TryGetValue(piece, out var value);
        id = value.Id;
        return found;
    }

    /// <summary>The starts of the symbols that are left, in order.</summary>
    /// <param name="text">Its code points are the symbols to begin with.</param>
    public List<int> Merge(ReadOnlySpan<char> text)
    {
        var next = new int[text.Length + 1]; // by a symbol's start: the next one's; 0 where no symbol starts
        var previous = new int[text.Length + 1];
        var heap = new PriorityQueue<(int Left, int Right, int End), (float, int)>();
        for (int at = 0, length, last = -1; at < text.Length; last = at, at += length)
        {
            Rune.DecodeFromUtf16(text[at..], out _, out length);
            (next[at], previous[at]) = (at + length, last);
            if (last >= 0) Offer(text, last);
        }
        while (heap.TryDequeue(out var pair, out _))
        {
            var (left, right, end) = pair;
            if (next[left] != right || right == text.Length || next[right] != end) continue;
            next[left] = end;
            next[right] = 0;
            if (end < text.Length) previous[end] = left;
            Offer(text, left);
            if (previous[left] >= 0) Offer(text, previous[left]);
        }
        var starts = new List<int>();
        for (var at = 0; at < text.Length; at = next[at]) starts.Add(at);
        return starts;

        void Offer(ReadOnlySpan<char> text, int left)
        {
            var right = next[left];
            if (right == text.Length) return;
            var end = next[right];
            if (end - left <= _longest && _pieces.TryGetValue(text[left..end], out var piece))
                heap.Enqueue((left, right, end), (-piece.Score, left));
        }
    }
}
