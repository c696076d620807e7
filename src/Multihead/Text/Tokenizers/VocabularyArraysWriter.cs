namespace Multihead.Text.Tokenizers;

/// <summary>Says a tokenizer in a vocabulary's arrays.</summary>
internal static class VocabularyArraysWriter
{
    /// <summary>The arrays that <see cref="VocabularyArraysReader"/> makes the same tokenizer of.</summary>
    /// <exception cref="MultiheadException">The tokenizer was read from a tiktoken file, whose merges aren't listed.</exception>
    public static VocabularyArrays Write(Tokenizer tokenizer)
    {
        var parts = tokenizer.Parts;
        var tokens = Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.IdToToken).ToArray();
        var arrays = new VocabularyArrays
        {
            Model = "gpt2",
            Tokens = tokens,
            Begin = parts.Ends.Begin,
            End = parts.Ends.End,
            AddsBegin = parts.Ends.AddsBegin,
            AddsEnd = parts.Ends.AddsEnd,
            Unknown = parts.Unknown ?? tokenizer.TokenToId(Tokenizer.Unknown),
            Padding = parts.Padding ?? tokenizer.TokenToId(Tokenizer.Padding),
        };
        if (parts is { Pieces: { } kind, Normalizer: { } normalizer })
            return arrays with
            {
                Model = kind.Unigram ? "t5" : "llama",
                PreTokenizer = "default",
                Scores = [.. kind.Pieces.Select(piece => piece.Score)],
                Types = [.. kind.Pieces.Select(piece => (int)piece.Type)],
                CharacterMap = normalizer.Map?.ToBlob(),
                AddsSpacePrefix = normalizer.AddsPrefix,
                RemovesExtraSpaces = normalizer.RemovesExtraSpaces,
            };
        if (parts.Model is not BytePairModel model)
            throw new MultiheadException("A tokenizer read from a tiktoken file has no list of merges, which GGUF wants; use the "
                + "model's tokenizer.json.");
        return arrays with
        {
            PreTokenizer = WordRules.NameOf(parts.Words),
            Types = Types(tokenizer.Vocabulary),
            Merges = [.. model.Merges.Merges.Select(merge => $"{tokens[merge.Left]} {tokens[merge.Right]}")],
        };
    }

    private static int[] Types(Vocabulary vocabulary)
    {
        var types = new int[vocabulary.Count];
        Array.Fill(types, (int)PieceType.Normal);
        foreach (var token in vocabulary.Added)
            types[token.Id] = (int)(token.Special ? PieceType.Control : PieceType.UserDefined);
        return types;
    }
}
