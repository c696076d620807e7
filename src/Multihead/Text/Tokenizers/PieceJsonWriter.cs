using System.Text.Json;

namespace Multihead.Text.Tokenizers;

/// <summary>Writes the parts of a tokenizer.json that say a SentencePiece model; <see cref="PieceJson"/> reads them.</summary>
internal static class PieceJsonWriter
{
    private const string Space = "▁";

    /// <summary>Writes the normaliser.</summary>
    public static void WriteNormalizer(Utf8JsonWriter json, PieceNormalizer normalizer)
    {
        json.WriteStartObject("normalizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("normalizers");
        if (normalizer.Map is { } map)
            WritePart(json, "Precompiled", () => json.WriteBase64String("precompiled_charsmap", map.ToBlob()));
        if (normalizer.RemovesExtraSpaces)
        {
            WritePart(json, "Strip", () =>
            {
                json.WriteBoolean("strip_left", true);
                json.WriteBoolean("strip_right", true);
            });
            WriteReplace(json, "Regex", " {2,}", " ");
        }
        if (normalizer.AddsPrefix) WritePart(json, "Prepend", () => json.WriteString("prepend", Space));
        WriteReplace(json, "String", " ", Space);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the decoder.</summary>
    public static void WriteDecoder(Utf8JsonWriter json, bool dropsFirstSpace)
    {
        json.WriteStartObject("decoder");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("decoders");
        WriteReplace(json, "String", Space, " ");
        WritePart(json, "ByteFallback", () => { });
        WritePart(json, "Fuse", () => { });
        if (dropsFirstSpace)
            WritePart(json, "Strip", () =>
            {
                json.WriteString("content", " ");
                json.WriteNumber("start", 1);
                json.WriteNumber("stop", 0);
            });
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the model.</summary>
    public static void WriteModel(Utf8JsonWriter json, PieceVocabulary kind)
    {
        var bytes = kind.Pieces.Any(piece => piece.Type == PieceType.Byte);
        json.WriteStartObject("model");
        json.WriteString("type", kind.Unigram ? "Unigram" : "BPE");
        if (kind.Unigram)
        {
            json.WriteNumber("unk_id", kind.Unknown);
            json.WriteBoolean("byte_fallback", bytes);
            WriteScores(json, kind);
        }
        else
        {
            json.WriteNull("dropout");
            json.WriteString("unk_token", kind.Pieces[kind.Unknown].Text);
            json.WriteBoolean("fuse_unk", true);
            json.WriteBoolean("byte_fallback", bytes);
            WriteMerges(json, kind);
        }
        json.WriteEndObject();
    }

    private static void WriteScores(Utf8JsonWriter json, PieceVocabulary kind)
    {
        json.WriteStartArray("vocab");
        foreach (var piece in kind.Pieces)
        {
            json.WriteStartArray();
            json.WriteStringValue(piece.Text);
            json.WriteNumberValue(piece.Score);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Pieces of one score, between which SentencePiece takes the leftmost in the text, go by their ids.</summary>
    private static void WriteMerges(Utf8JsonWriter json, PieceVocabulary kind)
    {
        json.WriteStartObject("vocab");
        for (var id = 0; id < kind.Pieces.Count; id++) json.WriteNumber(kind.Pieces[id].Text, id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        var known = kind.Mergeable();
        foreach (var (piece, _) in known.OrderByDescending(item => item.Value.Score).ThenBy(item => item.Value.Id))
            if (!piece.Contains(' '))
                foreach (var (left, right) in PieceVocabulary.Splits(piece, known)) json.WriteStringValue($"{left} {right}");
        json.WriteEndArray();
    }

    private static void WriteReplace(Utf8JsonWriter json, string kind, string pattern, string content) =>
        WritePart(json, "Replace", () =>
        {
            json.WriteStartObject("pattern");
            json.WriteString(kind, pattern);
            json.WriteEndObject();
            json.WriteString("content", content);
        });

    private static void WritePart(Utf8JsonWriter json, string type, Action rest)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        rest();
        json.WriteEndObject();
    }
}
