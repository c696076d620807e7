namespace Multihead.Text.Tokenizers;

/// <summary>Reads what a tokenizer.json has in the place of SentencePiece's normaliser: a normaliser, or a Metaspace
/// pre-tokenizer, or both.</summary>
internal static class PieceNormalizerJson
{
    private const string Space = "▁";

    /// <summary>Reads both parts of the file, either of which may be missing.</summary>
    public static PieceNormalizer Read(JsonField root)
    {
        var (normalizer, preTokenizer) = (root.Optional("normalizer"), root.Optional("pre_tokenizer"));
        var read = new PieceNormalizer(null, AddsPrefix: false, RemovesExtraSpaces: false);
        var spelt = false;
        foreach (var part in Parts(normalizer, "normalizers")) read = ReadNormalizer(part, read, ref spelt);
        foreach (var part in Parts(preTokenizer, "pretokenizers")) read = ReadPreTokenizer(part, read, ref spelt);
        if (!spelt)
            throw (normalizer ?? preTokenizer ?? root).Defect("leaves spaces as they are, where '▁' was expected for them");
        return read;
    }

    private static JsonField[] Parts(JsonField? field, string name) =>
        field is null ? [] : TokenizerJsonReader.Type(field) == "Sequence" ? field.Required(name).Items() : [field];

    private static PieceNormalizer ReadNormalizer(JsonField part, PieceNormalizer read, ref bool spelt)
    {
        switch (TokenizerJsonReader.Type(part))
        {
            case "Precompiled": return read with { Map = ReadMap(part.Required("precompiled_charsmap")) };
            case "Strip": return read; // comes with the removal of extra spaces
            case "Prepend" when part.Required("prepend").Text() == Space: return read with { AddsPrefix = true };
            case "Replace":
                var (pattern, content) = (part.Required("pattern"), part.Required("content").Text());
                var regex = pattern.Optional("Regex")?.Text() == " {2,}" && content is " " or Space;
                if (!regex && (pattern.Optional("String")?.Text() != " " || content != Space)) break;
                spelt |= content == Space && !regex;
                return regex ? read with { RemovesExtraSpaces = true } : read;
        }
        throw part.Defect("is no part of SentencePiece's normalisation, which alone is supported");
    }

    private static PieceNormalizer ReadPreTokenizer(JsonField part, PieceNormalizer read, ref bool spelt)
    {
        if (TokenizerJsonReader.Type(part) == "WhitespaceSplit") return read with { RemovesExtraSpaces = true };
        if (TokenizerJsonReader.Type(part) != "Metaspace") throw TokenizerJsonReader.Refused(part, "'Metaspace'");
        if (part.Required("replacement").Text() != Space) throw part.Required("replacement").Defect("is not '▁'");
        spelt = true;
        var prefix = part.Optional("prepend_scheme")?.Text() is { } scheme
            ? scheme != "never" : part.Flag("add_prefix_space", true);
        return read with { AddsPrefix = read.AddsPrefix || prefix };
    }

    private static CharacterMap ReadMap(JsonField field)
    {
        var text = field.Text();
        var blob = new byte[text.Length];
        return Convert.TryFromBase64String(text, blob, out var length) && CharacterMap.Read(blob.AsSpan(0, length)) is { } map
            ? map : throw field.Defect("is no character map in base64");
    }
}
