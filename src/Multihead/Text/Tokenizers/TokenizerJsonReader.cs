using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Multihead.Text.Tokenizers;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>, version 1.0, as far as it is byte-level BPE without a normaliser
/// or what <see cref="PieceJson"/> reads.
/// Fields that do not bear on that are passed over; parts that would change the tokens are refused by name.</summary>
internal static class TokenizerJsonReader
{
    private const string FileName = "tokenizer.json";
    private const int LargestFile = 512 << 20; // bytes; the largest vocabularies in use take some 40 MiB

    /// <summary>Reads the file, or the one in the folder.</summary>
    public static Tokenizer Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        var bytes = InputFile.ReadBytes(file, LargestFile);
        using var document = Parse(file, bytes);
        return Read(new JsonField(file, bytes, document.RootElement));
    }

    private static Tokenizer Read(JsonField root)
    {
        var version = root.Required("version");
        if (version.Text() != "1.0") throw version.Defect("is not \"1.0\", the only version there is");
        if (PieceJson.IsSentencePiece(root)) return PieceJson.Read(root);
        if (root.Optional("normalizer") is { } normalizer) throw Refused(normalizer, "no normaliser, that is null,");
        ReadPreTokenizer(root.Required("pre_tokenizer"));
        var decoder = root.Required("decoder");
        if (Type(decoder) != "ByteLevel") throw Refused(decoder, "'ByteLevel'");

        var (tokens, byteIds, merges) = BytePairJson.Read(root.Required("model"));
        var modelCount = tokens.Count;
        var added = AddedTokenJson.Read(root.Optional("added_tokens"), tokens, byteIds, merges);
        return new Tokenizer(
            new Vocabulary(tokens, modelCount, added), new BytePairModel(byteIds, new MergeTable(merges)),
            PostProcessorJson.Read(root.Optional("post_processor"), added));
    }

    private static void ReadPreTokenizer(JsonField field)
    {
        if (Type(field) != "ByteLevel") throw Refused(field, "'ByteLevel'");
        field.Required("add_prefix_space");
        field.RefuseUnless("add_prefix_space", expected: false, otherwise: false);
        field.RefuseUnless("use_regex", expected: true, otherwise: true);
    }

    /// <summary>The name of the kind that a part of the file is of.</summary>
    public static string Type(JsonField part) => part.Required("type").Text();

    /// <summary>The exception for a part of a kind that isn't known here.</summary>
    public static MultiheadException Refused(JsonField part, string known) =>
        part.Required("type").Defect($"is {Shown.Name(Type(part))}, where only {known} is supported");

    private static JsonDocument Parse(string file, byte[] bytes)
    {
        var mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var json = bytes.AsMemory(mark);
        if (!Utf8.IsValid(json.Span))
        {
            var at = FirstInvalid(json.Span);
            throw Damaged($"byte {mark + at} is not valid UTF-8", json.Span[..at]);
        }
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw Damaged($"it is not valid JSON from byte {mark + Offset(json.Span, e)} on", json.Span, e);
        }

        MultiheadException Damaged(string what, ReadOnlySpan<byte> json, Exception? inner = null) => new(
            $"'{file}' cannot be used as a tokenizer: {what}, in {JsonPath.WhereReadingStops(json)}; it is cut short or damaged, "
            + "fetch or make it again.", inner);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }

    /// <summary>The exception counts bytes within a line.</summary>
    private static long Offset(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var start = 0;
        for (var line = 0L; line < (e.LineNumber ?? 0); line++) start += bytes[start..].IndexOf((byte)'\n') + 1;
        return start + (e.BytePositionInLine ?? 0);
    }
}
