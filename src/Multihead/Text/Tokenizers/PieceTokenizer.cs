using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Puts a tokenizer together from SentencePiece's pieces, whichever file they came from.</summary>
internal static class PieceTokenizer
{
    /// <summary>What SentencePiece decodes the unknown token as.</summary>
    private const string UnknownSurface = " ⁇ ";

    /// <param name="pieces">By id.</param>
    /// <param name="unigram">Whether the scores are log-probabilities; else they rank BPE's merges.</param>
    /// <param name="unknown">The id of the unknown token.</param>
    /// <param name="normalizer">What is done to a text first.</param>
    /// <param name="ends">The tokens at a text's ends; the rest is filled in here.</param>
    public static Tokenizer Make(
        IReadOnlyList<Piece> pieces, bool unigram, int unknown, PieceNormalizer normalizer,
        Func<ITokenModel, TokenizerParts> ends)
    {
        var fallback = new PieceFallback(pieces, unknown);
        ITokenModel model = unigram ? new UnigramModel(pieces, fallback) : new PieceBytePairModel(Merger(pieces), fallback);
        AddedToken[] added = [.. pieces.Select((piece, id) => (piece, id))
            .Where(item => item.piece.Type is PieceType.UserDefined or PieceType.Control && item.piece.Text.Length > 0)
            .Select(item => new AddedToken(item.id, item.piece.Text, item.piece.Type == PieceType.Control))];
        var vocabulary = new Vocabulary([.. pieces.Select(piece => piece.Text)], pieces.Count, added, id => Spelt(pieces[id]));
        return new Tokenizer(vocabulary, ends(model) with
        {
            Normalizer = normalizer,
            DropsFirstSpace = normalizer.AddsPrefix,
            Unknown = unknown,
        });
    }

    private static PieceMerger Merger(IReadOnlyList<Piece> pieces)
    {
        var known = new Dictionary<string, (int, float)>(StringComparer.Ordinal);
        for (var id = 0; id < pieces.Count; id++)
            if (pieces[id].Type == PieceType.Normal) known.TryAdd(pieces[id].Text, (id, pieces[id].Score));
        return new PieceMerger(known);
    }

    private static byte[] Spelt(Piece piece) => piece.Type switch
    {
        PieceType.Control => [],
        PieceType.Unknown => Encoding.UTF8.GetBytes(UnknownSurface),
        PieceType.Byte when piece.ByteValue is >= 0 and var value => [(byte)value],
        _ => Encoding.UTF8.GetBytes(piece.Text.Replace(PieceNormalizer.Space, ' ')),
    };
}
