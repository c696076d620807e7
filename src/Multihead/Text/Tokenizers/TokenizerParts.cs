namespace Multihead.Text.Tokenizers;

/// <summary>The end (exclusive) of the word that starts at <paramref name="start"/>, which is a word's start.</summary>
internal delegate int WordEnd(ReadOnlySpan<char> text, int start);

/// <summary>What a text goes through between its added tokens, and what Hugging Face or the like puts around its
/// tokens.</summary>
/// <param name="Model">Encodes words, to ids of the vocabulary that aren't special.</param>
internal sealed record TokenizerParts(ITokenModel Model)
{
    /// <summary>Changes the text before it is cut; null leaves it as it is.</summary>
    public PieceNormalizer? Normalizer { get; init; }

    /// <summary>Cuts the text into words; null takes it whole.</summary>
    public WordEnd? Words { get; init; }

    /// <summary>Whether decoding drops the space that the normaliser puts before the text.</summary>
    public bool DropsFirstSpace { get; init; }

    /// <summary>SentencePiece's pieces where the model is made of them.</summary>
    public PieceVocabulary? Pieces { get; init; }

    /// <summary>The tokens at a text's ends.</summary>
    public TextEnds Ends { get; init; } = new(null, null);

    /// <summary>The token of what the vocabulary cannot spell, if any.</summary>
    public int? Unknown { get; init; }

    /// <summary>The token that fills up a batch's shorter rows, if any.</summary>
    public int? Padding { get; init; }
}
