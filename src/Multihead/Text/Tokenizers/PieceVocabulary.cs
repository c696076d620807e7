namespace Multihead.Text.Tokenizers;

/// <summary>What SentencePiece's models are made of.</summary>
/// <param name="Pieces">By id.</param>
/// <param name="Unigram">Whether the scores are log-probabilities; else they rank BPE's merges, the highest first.</param>
/// <param name="Unknown">The id of the unknown token.</param>
internal sealed record PieceVocabulary(IReadOnlyList<Piece> Pieces, bool Unigram, int Unknown)
{
    /// <summary>The longest piece in UTF-16 units that files may have; SentencePiece's own limit is 16 unless told.</summary>
    public const int LongestPiece = 1024;

    /// <summary>BPE's pieces by their spellings; of one given twice the first.</summary>
    public Dictionary<string, (int Id, float Score)> Mergeable()
    {
        var known = new Dictionary<string, (int, float)>(StringComparer.Ordinal);
        for (var id = 0; id < Pieces.Count; id++)
            if (Pieces[id].Type == PieceType.Normal) known.TryAdd(Pieces[id].Text, (id, Pieces[id].Score));
        return known;
    }

    /// <summary>How a piece can come of two, as <c>tokenizer.json</c> lists it: all ways to cut it into pieces.</summary>
    public static IEnumerable<(string Left, string Right)> Splits(string piece, Dictionary<string, (int Id, float Score)> known)
    {
        for (var at = 1; at < piece.Length; at++)
            if (!char.IsLowSurrogate(piece[at]) && known.ContainsKey(piece[..at]) && known.ContainsKey(piece[at..]))
                yield return (piece[..at], piece[at..]);
    }
}
