using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Puts a tokenizer together from SentencePiece's pieces, whichever file they came from.</summary>
internal static class PieceTokenizer
{
    /// <summary>What SentencePiece decodes the unknown token as.</summary>
    private const string UnknownSurface = " ⁇ ";

    /// <param name="kind">The pieces and what their scores mean.</param>
    /// <param name="normalizer">What is done to a text first.</param>
    /// <param name="ends">The tokens at a text's ends.</param>
    /// <param name="padding">The padding token, if any.</param>
    public static Tokenizer Make(PieceVocabulary kind, PieceNormalizer normalizer, TextEnds ends, int? padding = null)
    {
        var pieces = kind.Pieces;
        var fallback = new PieceFallback(pieces, kind.Unknown);
        ITokenModel model = kind.Unigram
            ? new UnigramModel(pieces, fallback) : new PieceBytePairModel(new PieceMerger(kind.Mergeable()), fallback);
        AddedToken[] added = [.. pieces.Select((piece, id) => (piece, id))
            .Where(item => item.piece.Type is PieceType.UserDefined or PieceType.Control && item.piece.Text.Length > 0)
            .Select(item => new AddedToken(item.id, item.piece.Text, item.piece.Type == PieceType.Control))];
        var vocabulary = new Vocabulary([.. pieces.Select(piece => piece.Text)], pieces.Count, added, id => Spelt(pieces[id]));
        return new Tokenizer(vocabulary, new TokenizerParts(model)
        {
            Normalizer = normalizer,
            DropsFirstSpace = normalizer.AddsPrefix,
            Pieces = kind,
            Ends = ends,
            Unknown = kind.Unknown,
            Padding = padding,
        });
    }

    private static byte[] Spelt(Piece piece) => piece.Type switch
    {
        PieceType.Control => [],
        PieceType.Unknown => Encoding.UTF8.GetBytes(UnknownSurface),
        PieceType.Byte when piece.ByteValue is >= 0 and var value => [(byte)value],
        _ => Encoding.UTF8.GetBytes(piece.Text.Replace(PieceNormalizer.Space, ' ')),
    };
}
