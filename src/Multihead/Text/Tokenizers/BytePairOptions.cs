namespace Multihead.Text.Tokenizers;

/// <summary>What <see cref="BytePairLearner"/> is to learn.</summary>
public sealed record BytePairOptions
{
    /// <summary>The number of tokens, with the special ones and the 256 bytes among them.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The tokens that steer the model; they get the first ids, in this order. By default <c>&lt;/s&gt;</c> 0,
    /// <c>&lt;unk&gt;</c> 1 and <c>&lt;pad&gt;</c> 2.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } =
        [Tokenizer.EndOfSentence, Tokenizer.Unknown, Tokenizer.Padding];

    /// <summary>Two neighbours become a token only if they are seen together this many times, 1 at least.</summary>
    public long MinimumFrequency { get; init; } = 2;
}
