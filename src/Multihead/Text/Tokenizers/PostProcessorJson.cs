namespace Multihead.Text.Tokenizers;

/// <summary>Reads the <c>post_processor</c> of a tokenizer.json, which says what Hugging Face puts around a text's tokens: here
/// one special token before, one after, or neither.</summary>
internal static class PostProcessorJson
{
    /// <summary>The tokens at a text's ends; those that it doesn't add are found by their usual spellings.</summary>
    public static TextEnds Read(JsonField? field, IReadOnlyList<AddedToken> added)
    {
        var usual = TextEnds.Among(added);
        if (field is null) return usual;
        return TokenizerJsonReader.Type(field) switch
        {
            "ByteLevel" => usual, // moves the offsets of tokens, not the tokens
            "TemplateProcessing" => ReadTemplate(field.Required("single"), added, usual),
            _ => throw TokenizerJsonReader.Refused(field, "'ByteLevel' or 'TemplateProcessing'"),
        };
    }

    private static TextEnds ReadTemplate(JsonField single, IReadOnlyList<AddedToken> added, TextEnds usual)
    {
        var items = single.Items();
        var text = Array.FindIndex(items, item => item.Optional("Sequence")?.Required("id").Text() == "A");
        if (text is not (0 or 1) || items.Length - text > 2)
            throw single.Defect("is not the text, with at most one special token before and one after, the forms supported");
        return new TextEnds(
            text == 1 ? Special(items[0]) : usual.Begin, text + 1 < items.Length ? Special(items[^1]) : usual.End,
            AddsBegin: text == 1, AddsEnd: text + 1 < items.Length);

        int Special(JsonField item)
        {
            var name = item.Required("SpecialToken").Required("id").Text();
            return added.FirstOrDefault(token => token.Special && token.Content == name)?.Id
                ?? throw item.Defect($"adds {Shown.Name(name)}, which is no special token of this file");
        }
    }
}
