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

    /// <summary>Writes all of the tokenizer.</summary>
    public static void Write(Tokenizer tokenizer, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json, tokenizer.Vocabulary);
        json.WriteNull("normalizer");
        WriteByteLevel(json, "pre_tokenizer");
        if (tokenizer.EndsSentences) WriteEndOfSentence(json, tokenizer.EndOfSentenceId);
        else json.WriteNull("post_processor");
        WriteByteLevel(json, "decoder");
        WriteModel(json, tokenizer);
        json.WriteEndObject();
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

    /// <summary>The template "text, then end of sentence", for one text and for two.</summary>
    private static void WriteEndOfSentence(Utf8JsonWriter json, int id)
    {
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WriteTemplate(json, "single", "A");
        WriteTemplate(json, "pair", "A", "B");
        json.WriteStartObject("special_tokens");
        json.WriteStartObject(Tokenizer.EndOfSentence);
        json.WriteString("id", Tokenizer.EndOfSentence);
        json.WriteStartArray("ids");
        json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(Tokenizer.EndOfSentence);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter json, string name, params ReadOnlySpan<string> sequences)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < sequences.Length; i++) WritePiece(json, "Sequence", sequences[i], typeId: i);
        WritePiece(json, "SpecialToken", Tokenizer.EndOfSentence, typeId: 0);
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
