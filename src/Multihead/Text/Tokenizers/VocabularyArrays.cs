namespace Multihead.Text.Tokenizers;

/// <summary>A vocabulary as GGUF's metadata hold it under <c>tokenizer.ggml.*</c>
/// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): plain arrays by token id. Types are numbered as
/// <see cref="PieceType"/>.</summary>
internal sealed record VocabularyArrays
{
    /// <summary>The kind: "llama" (SentencePiece's BPE), "t5" (its unigram) or "gpt2" (byte-level BPE).</summary>
    public required string Model { get; init; }

    /// <summary>How byte-level BPE cuts words; null as GPT-2.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary>The spellings: spaces as '▁', or bytes in the byte alphabet.</summary>
    public required string[] Tokens { get; init; }

    /// <summary>SentencePiece's scores.</summary>
    public float[]? Scores { get; init; }

    /// <summary>What the tokens are for; null for all normal.</summary>
    public int[]? Types { get; init; }

    /// <summary>Byte-level BPE's merges by rank, as "a b".</summary>
    public string[]? Merges { get; init; }

    /// <summary>SentencePiece's precompiled character map, if any.</summary>
    public byte[]? CharacterMap { get; init; }

    /// <summary>The token that begins a text.</summary>
    public int? Begin { get; init; }

    /// <summary>The token that ends a text.</summary>
    public int? End { get; init; }

    /// <summary>The token of what cannot be spelt.</summary>
    public int? Unknown { get; init; }

    /// <summary>The padding token.</summary>
    public int? Padding { get; init; }

    /// <summary>Whether texts are to begin with <see cref="Begin"/>.</summary>
    public bool AddsBegin { get; init; }

    /// <summary>Whether texts are to end with <see cref="End"/>.</summary>
    public bool AddsEnd { get; init; }

    /// <summary>Whether SentencePiece puts a space before the text.</summary>
    public bool AddsSpacePrefix { get; init; } = true;

    /// <summary>Whether SentencePiece makes several spaces one and drops those at the ends.</summary>
    public bool RemovesExtraSpaces { get; init; }
}
