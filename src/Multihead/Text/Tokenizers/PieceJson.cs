using System.Globalization;

namespace Multihead.Text.Tokenizers;

/// <summary>Reads a tokenizer.json that says a SentencePiece model, as Hugging Face's converters of Llama (BPE) and T5 (unigram)
/// write it. BPE's merges are listed there; only such lists are taken that follow from scores, whose pieces come with all ways
/// to make them of two, because the scores decide here.</summary>
internal static class PieceJson
{
    /// <summary>Told by the decoder: byte-level BPE has another.</summary>
    public static bool IsSentencePiece(JsonField root) =>
        root.Optional("decoder")?.Optional("type")?.Text() is "Sequence" or "Metaspace";

    /// <summary>Reads the whole file.</summary>
    public static Tokenizer Read(JsonField root)
    {
        CheckDecoder(root.Required("decoder"));
        var normalizer = PieceNormalizerJson.Read(root);
        var model = root.Required("model");
        var unigram = TokenizerJsonReader.Type(model) switch
        {
            "Unigram" => true,
            "BPE" => false,
            _ => throw TokenizerJsonReader.Refused(model, "'BPE' or 'Unigram'"),
        };
        var pieces = unigram ? ReadUnigram(model) : PieceMergesJson.Read(model);
        var unknown = unigram ? model.Required("unk_id").Id() : FindUnknown(model, pieces);
        if (unknown >= pieces.Count) throw model.Required("unk_id").Defect($"is {unknown}, beyond the {pieces.Count} tokens");

        List<string> tokens = [.. pieces.Select(piece => piece.Text)];
        var added = AddedTokenJson.Read(root.Optional("added_tokens"), tokens, [], []);
        while (pieces.Count < tokens.Count) pieces.Add(new Piece(tokens[pieces.Count], 0, PieceType.UserDefined));
        if (model.Flag("byte_fallback", false)) MarkBytes(pieces);
        foreach (var token in added)
            pieces[token.Id] = pieces[token.Id] with { Type = token.Special ? PieceType.Control : PieceType.UserDefined };
        pieces[unknown] = pieces[unknown] with { Type = PieceType.Unknown };

        var kind = new PieceVocabulary(pieces, unigram, unknown);
        if (!unigram) PieceMergesJson.Check(model.Required("merges"), kind);
        var padding = added.Find(token => token.Special && token.Content == Tokenizer.Padding)?.Id;
        return PieceTokenizer.Make(kind, normalizer, PostProcessorJson.Read(root.Optional("post_processor"), added), padding);
    }

    /// <summary>Checks a token's spelling.</summary>
    public static void CheckLength(JsonField field, string token)
    {
        if (token.Length is 0 or > PieceVocabulary.LongestPiece)
            throw field.Defect(string.Create(CultureInfo.InvariantCulture,
                $"has a token of {token.Length} characters, where 1 to {PieceVocabulary.LongestPiece} are supported"));
    }

    private static List<Piece> ReadUnigram(JsonField model)
    {
        var pieces = new List<Piece>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in model.Required("vocab").Items())
        {
            var pair = item.Items();
            if (pair.Length != 2) throw item.Defect("is not a token and its score");
            var text = pair[0].Text();
            CheckLength(pair[0], text);
            if (!seen.Add(text)) throw pair[0].Defect($"is {Shown.Name(text)}, which an earlier one is");
            pieces.Add(new Piece(text, pair[1].Float(), PieceType.Normal));
        }
        return pieces;
    }

    private static int FindUnknown(JsonField model, List<Piece> pieces)
    {
        var field = model.Required("unk_token");
        var text = field.Text();
        var id = pieces.FindIndex(piece => piece.Text == text);
        return id >= 0 ? id : throw field.Defect($"is {Shown.Name(text)}, which the vocabulary lacks");
    }

    private static void MarkBytes(List<Piece> pieces)
    {
        for (var id = 0; id < pieces.Count; id++)
            if (pieces[id].ByteValue >= 0) pieces[id] = pieces[id] with { Type = PieceType.Byte };
    }

    private static void CheckDecoder(JsonField decoder)
    {
        if (TokenizerJsonReader.Type(decoder) != "Sequence") return;
        foreach (var part in decoder.Required("decoders").Items())
            if (TokenizerJsonReader.Type(part) is not ("Replace" or "ByteFallback" or "Fuse" or "Strip" or "Metaspace"))
                throw TokenizerJsonReader.Refused(part, "'Replace', 'ByteFallback', 'Fuse', 'Strip' and 'Metaspace'");
    }
}
