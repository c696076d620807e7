namespace Multihead.Text.Tokenizers;

/// <summary>Reads the <c>post_processor</c> of a tokenizer.json, which says what Hugging Face puts around a text's tokens.
/// Encoding here adds nothing, so only what model code knows to add is let through: the end of sentence, or nothing.</summary>
internal static class PostProcessorJson
{
    /// <summary>Whether it appends the end of sentence.</summary>
    public static bool Read(JsonField? field, IReadOnlyList<AddedToken> added)
    {
        if (field is null) return false;
        switch (TokenizerJsonReader.Type(field))
        {
            case "ByteLevel": return false; // moves the offsets of tokens, not the tokens
            case "TemplateProcessing": return ReadTemplate(field.Required("single"), added);
            default: throw TokenizerJsonReader.Refused(field, "'ByteLevel' or 'TemplateProcessing'");
        }
    }

    private static bool ReadTemplate(JsonField single, IReadOnlyList<AddedToken> added)
    {
        var items = single.Items();
        if (items.Length is 1 or 2
            && items[0].Optional("Sequence")?.Required("id").Text() == "A"
            && (items.Length == 1 || items[1].Optional("SpecialToken")?.Required("id").Text() == Tokenizer.EndOfSentence))
        {
            if (items.Length == 1 || added.Any(token => token.Special && token.Content == Tokenizer.EndOfSentence))
                return items.Length == 2;
            throw items[1].Defect($"adds '{Tokenizer.EndOfSentence}', which is no special token of this file");
        }
        throw single.Defect($"is neither the text alone nor the text and '{Tokenizer.EndOfSentence}', the forms supported");
    }
}
