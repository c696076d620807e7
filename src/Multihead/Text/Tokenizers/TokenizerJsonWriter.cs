using System.Text.Encodings.Web;
using System.Text.Json;

namespace Multihead.Text.Tokenizers;

/// <summary>Writes Hugging Face's <c>tokenizer.json</c>, version 1.0. It carries no <c>formatVersion</c> of ours: some releases
/// of Hugging Face's loader refuse unknown keys.</summary>
internal static class TokenizerJsonWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly WordEnd Gpt2Words = WordScanner.End;

    /// <summary>Writes all of the tokenizer.</summary>
    public static void Write(Tokenizer tokenizer, Stream stream)
    {
        Check(tokenizer);
        var pieces = tokenizer.Parts.Pieces;
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json, tokenizer.Vocabulary);
        if (tokenizer.Parts.Normalizer is { } normalizer) PieceJsonWriter.WriteNormalizer(json, normalizer);
        else json.WriteNull("normalizer");
        if (pieces is null) WriteByteLevel(json, "pre_tokenizer");
        else json.WriteNull("pre_tokenizer");
        if (tokenizer.AddsBeginOfText || tokenizer.AddsEndOfText) WriteTemplates(json, tokenizer);
        else json.WriteNull("post_processor");
        if (pieces is null) WriteByteLevel(json, "decoder");
        else PieceJsonWriter.WriteDecoder(json, tokenizer.Parts.DropsFirstSpace);
        if (pieces is null) WriteModel(json, tokenizer);
        else PieceJsonWriter.WriteModel(json, pieces);
        json.WriteEndObject();
    }

    private static void Check(Tokenizer tokenizer)
    {
        var pieces = tokenizer.Parts.Pieces;
        if (pieces is null && (tokenizer.Parts.Model is not BytePairModel || tokenizer.Parts.Words != Gpt2Words))
            throw new MultiheadException("Of byte-level BPE only the kind that cuts words as GPT-2 does is written as "
                + "tokenizer.json; keep the file that this tokenizer was read from.");
        var twice = pieces?.Pieces.GroupBy(piece => piece.Text, StringComparer.Ordinal)
            .FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
            throw new MultiheadException($"The token {Shown.Name(twice.Key)} stands twice in the vocabulary, which "
                + "tokenizer.json cannot say; keep the file that this tokenizer was read from.");
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, Vocabulary vocabulary)
    {
        json.WriteStartArray("added_tokens");
        foreach (var token in vocabulary.Added)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteString("content", token.Content);
            json.WriteBoolean("single_word", token.SingleWord);
            json.WriteBoolean("lstrip", token.LeftStrip);
            json.WriteBoolean("rstrip", token.RightStrip);
            json.WriteBoolean("normalized", token.Normalized);
            json.WriteBoolean("special", token.Special);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    /// <summary>The templates "begin of text, text, end of text" as far as they are added, for one text and for two.</summary>
    private static void WriteTemplates(Utf8JsonWriter json, Tokenizer tokenizer)
    {
        var begin = tokenizer.AddsBeginOfText ? tokenizer.BeginOfTextId : null;
        var end = tokenizer.AddsEndOfText ? tokenizer.EndOfTextId : null;
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WriteTemplate(json, "single", tokenizer.Vocabulary, begin, end, "A");
        WriteTemplate(json, "pair", tokenizer.Vocabulary, begin, end, "A", "B");
        json.WriteStartObject("special_tokens");
        if (begin is { } first) WriteSpecial(json, tokenizer.Vocabulary[first], first);
        if (end is { } last && last != begin) WriteSpecial(json, tokenizer.Vocabulary[last], last);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSpecial(Utf8JsonWriter json, string token, int id)
    {
        json.WriteStartObject(token);
        json.WriteString("id", token);
        json.WriteStartArray("ids");
        json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTemplate(
        Utf8JsonWriter json, string name, Vocabulary vocabulary, int? begin, int? end, params ReadOnlySpan<string> sequences)
    {
        json.WriteStartArray(name);
        if (begin is { } first) WritePiece(json, "SpecialToken", vocabulary[first], typeId: 0);
        for (var i = 0; i < sequences.Length; i++) WritePiece(json, "Sequence", sequences[i], typeId: i);
        if (end is { } last) WritePiece(json, "SpecialToken", vocabulary[last], typeId: 0);
        json.WriteEndArray();
    }

    private static void WritePiece(Utf8JsonWriter json, string kind, string id, int typeId)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", typeId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Merges in the form "a b", which all releases of Hugging Face's loader read.</summary>
    private static void WriteModel(Utf8JsonWriter json, Tokenizer tokenizer)
    {
        var vocabulary = tokenizer.Vocabulary;
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteStartObject("vocab");
        for (var id = 0; id < vocabulary.ModelCount; id++) json.WriteNumber(vocabulary[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var merge in tokenizer.Model.Merges.Merges)
            json.WriteStringValue($"{vocabulary[merge.Left]} {vocabulary[merge.Right]}");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
