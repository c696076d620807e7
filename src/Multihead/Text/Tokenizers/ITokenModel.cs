namespace Multihead.Text.Tokenizers;

/// <summary>Turns one word, as the pre-tokeniser cuts it from normalised text, into tokens.</summary>
internal interface ITokenModel
{
    /// <summary>Appends the tokens of a word of any length; a lone surrogate counts as U+FFFD.</summary>
    void Encode(ReadOnlySpan<char> word, List<int> ids);
}
