using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

public sealed class TokenizerJsonTests : IDisposable
{
    private static readonly Tokenizer Learned = BytePairLearner.Learn(
        RandomText.Lines(new Random(1), 100, 200), new() { VocabularySize = 320 });

    private readonly ScratchFolder _folder = new();

    private string File => _folder["tokenizer.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsSavedIsLoaded()
    {
        Learned.Save(File);
        var loaded = Tokenizer.Load(_folder["."]);
        Assert.Equal(Learned.VocabularySize, loaded.VocabularySize);
        Assert.Equal((0, 1, 2), (loaded.EndOfSentenceId, loaded.UnknownId, loaded.PaddingId));
        var random = new Random(2);
        for (var i = 0; i < 500; i++)
        {
            var text = RandomText.Next(random, 20);
            Assert.Equal(Learned.Encode(text), loaded.Encode(text));
        }
        loaded.Save(_folder["again.json"]);
        Assert.Equal(System.IO.File.ReadAllBytes(File), System.IO.File.ReadAllBytes(_folder["again.json"]));
    }

    [Fact]
    public void TheFileIsWhatHuggingFaceReads()
    {
        Learned.Save(File);
        var root = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        Assert.Equal(
            "version truncation padding added_tokens normalizer pre_tokenizer post_processor decoder model",
            string.Join(' ', root.AsObject().Select(member => member.Key)));
        Assert.Equal(
            """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""",
            root["decoder"]!.ToJsonString());
        Assert.Equal(
            """{"id":2,"content":"<pad>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}""",
            root["added_tokens"]![2]!.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("</s>", (string)root["post_processor"]!["single"]![1]!["SpecialToken"]!["id"]!);
        Assert.Equal(1, (int)root["post_processor"]!["pair"]![1]!["Sequence"]!["type_id"]!);
        Assert.Equal("</s>", (string)root["post_processor"]!["special_tokens"]!["</s>"]!["tokens"]![0]!);
        Assert.Equal("BPE", (string)root["model"]!["type"]!);
        Assert.Equal(320, root["model"]!["vocab"]!.AsObject().Count);
        Assert.Equal(320 - 259, root["model"]!["merges"]!.AsArray().Count);
    }

    [Fact]
    public void MergesAsPairsAndFieldsLeftOutAreRead()
    {
        var loaded = Change(root =>
        {
            var merges = root["model"]!["merges"]!.AsArray();
            for (var i = 0; i < merges.Count; i += 2)
                merges[i] = new JsonArray([.. ((string)merges[i]!).Split(' ').Select(part => JsonValue.Create(part))]);
            foreach (var name in "truncation padding normalizer post_processor".Split(' ')) root.AsObject().Remove(name);
            foreach (var name in "dropout unk_token fuse_unk byte_fallback".Split(' ')) root["model"]!.AsObject().Remove(name);
            root["model"]!["continuing_subword_prefix"] = "";
            root["something"] = "else";
        });
        Assert.Equal(Learned.Model.Merges.Merges, loaded.Model.Merges.Merges);
    }

    [Fact]
    public void AddedTokensOfPlainTextSurviveSaving()
    {
        var loaded = Change(root => root["added_tokens"]!.AsArray().Add(
            JsonNode.Parse("""{"id":320,"content":"ete e","single_word":false,"lstrip":false,"special":false}""")));
        loaded.Save(File);
        var again = Tokenizer.Load(File);
        Assert.Equal(321, again.VocabularySize);
        var ids = again.Encode("xete ete etex");
        Assert.Equal([.. Learned.Encode("x"), 320, .. Learned.Encode("te etex")], ids);
        Assert.Equal("xete ete etex", again.Decode(ids));
    }

    [Theory]
    [InlineData("version", "\"2.0\"", "version is not \"1.0\"")]
    [InlineData("version", "null", "the top level has no 'version'")]
    [InlineData("normalizer", """{"type":"NFC"}""", "normalizer.type is 'NFC'")]
    [InlineData("normalizer", "[]", "normalizer is an array")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace"}""", "pre_tokenizer.type is 'Metaspace'")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel"}""", "pre_tokenizer has no 'add_prefix_space'")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":true}""", "pre_tokenizer has 'add_prefix_space' true")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}""", "'use_regex' false")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":3}""", "pre_tokenizer.add_prefix_space is a number")]
    [InlineData("decoder", """{"type":"WordPiece"}""", "decoder.type is 'WordPiece'")]
    [InlineData("decoder", "null", "has no 'decoder'")]
    [InlineData("post_processor", """{"type":"BertProcessing"}""", "post_processor.type is 'BertProcessing'")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}]}""", "r.single is")]
    [InlineData("model", """{"type":"Unigram"}""", "model.type is 'Unigram'")]
    [InlineData("model", """{"type":"WordPiece"}""", "model.type is 'WordPiece'")]
    [InlineData("model.dropout", "0.1", "model.dropout")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is not empty")]
    [InlineData("model.ignore_merges", "true", "model has 'ignore_merges' true")]
    [InlineData("model.vocab.Ġ", "\"x\"", "model.vocab['Ġ'] is a string of JSON where a whole number")]
    [InlineData("model.vocab.Ġ", "-1", "model.vocab['Ġ']")]
    [InlineData("model.vocab.Ġ", "1e30", "model.vocab['Ġ']")]
    [InlineData("model.vocab.Ġ", "320", "are 0 to 319 without gaps")]
    [InlineData("model.vocab.Ġ", "5", "which another token has already")]
    [InlineData("model.vocab", "{}", "model.vocab has no token")]
    [InlineData("model.merges", "{}", "model.merges is an object")]
    [InlineData("model.merges.3", "\"abc\"", "model.merges[3] is not two tokens")]
    [InlineData("model.merges.3", "\"a b c\"", "model.merges[3] is not two tokens")]
    [InlineData("model.merges.3", "[\"a\"]", "model.merges[3] has not two items")]
    [InlineData("model.merges.3", "[\"a\",7]", "model.merges[3][1] is a number")]
    [InlineData("model.merges.3", "\"Q \\ud83d\\ude00\"", "the token '😀'")]
    [InlineData("model.merges.3", "[\"a\",\"b c\"]", "model.merges[3] has a space")]
    [InlineData("model.merges.3", "\"Q X\"", "model.merges[3] needs the token 'QX'")]
    [InlineData("added_tokens", "5", "added_tokens is a number")]
    [InlineData("added_tokens.1.id", "7", "added_tokens[1].id is 7 where 1 was expected")]
    [InlineData("added_tokens.1.content", "\"</s>\"", "added_tokens[1].id is 1 where 0 was expected")]
    [InlineData("added_tokens.1.content", "\"\"", "added_tokens[1].content is empty")]
    [InlineData("added_tokens.1", """{"id":320,"content":"x y","lstrip":true}""", "added_tokens[1] has 'lstrip' true")]
    public void DefectsAreNamed(string field, string value, string message)
    {
        var e = Assert.Throws<MultiheadException>(() => Change(root => Set(root, field, value)));
        Assert.Contains($"'{File}'", e.Message);
        Assert.Contains(message, e.Message);
    }

    [Fact]
    public void ASpecialTokenThatTextCouldSpellIsRefused()
    {
        var id = Learned.VocabularySize - 1;
        var e = Assert.Throws<MultiheadException>(() => Change(root => root["added_tokens"]!.AsArray().Add(
            new JsonObject { ["id"] = id, ["content"] = Learned.IdToToken(id), ["special"] = true })));
        Assert.Contains("added_tokens[3].content is special", e.Message);
    }

    [Fact]
    public void ANameGivenTwiceIsRefused()
    {
        Learned.Save(File);
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace("\"</s>\": 0,", "\"</s>\": 0, \"a\": 0,"));
        Assert.Contains("model.vocab has 'a' twice", Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message);
    }

    [Fact]
    public void HalvesOfSurrogatePairsAreRefused()
    {
        Learned.Save(File);
        var good = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, good.Replace("\"merges\": [", "\"merges\": [ [\"a\", \"\\ud800\"],"));
        Assert.Contains("model.merges[0][1] is not well", Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message);
        System.IO.File.WriteAllText(File, good.Replace("\"vocab\": {", "\"vocab\": { \"\\udc00\": 0,"));
        Assert.Contains("vocab has a name that is not", Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message);
    }

    [Fact]
    public void APlainTokenThatTheModelMakesOfOtherBytesIsRefused()
    {
        // As plain text 'Ġ' is a letter, as the model's token it is a space.
        var id = Learned.TokenToId("Ġ")!.Value;
        var e = Assert.Throws<MultiheadException>(() => Change(root => root["added_tokens"]!.AsArray().Add(
            new JsonObject { ["id"] = id, ["content"] = "Ġ", ["special"] = false })));
        Assert.Contains("added_tokens[3].content is plain text but made by", e.Message);

        var letter = Learned.TokenToId("e")!.Value;
        var loaded = Change(root => root["added_tokens"]!.AsArray().Add(
            new JsonObject { ["id"] = letter, ["content"] = "e", ["special"] = false }));
        Assert.Equal("ete Ġ", loaded.Decode(loaded.Encode("ete Ġ")));
    }

    [Theory]
    [InlineData("version", "\"2.0\"", "\"2.0\"")]
    [InlineData("model.merges.3", "\"abc\"", "\"abc\"")]
    [InlineData("model.merges.3", "[\"a\",7777]", "7777")]
    [InlineData("model.merges.3", "[\"qq\"]", "[\"qq\"]")]
    [InlineData("model.vocab.Ġ", "-17", "-17")]
    [InlineData("added_tokens.1.content", "\"\"", "\"\"")]
    [InlineData("decoder", "{\"type\":\"Word\"}", "\"Word\"")]
    public void DefectsGiveTheByteWhereTheValueStands(string field, string value, string marker)
    {
        var e = Assert.Throws<MultiheadException>(() => Change(root => Set(root, field, value)));
        var start = int.Parse(Regex.Match(e.Message, @"\(at byte (\d+)\)\.$").Groups[1].Value);
        var text = Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(File).AsSpan(start));
        Assert.StartsWith(marker, text);
    }

    [Fact]
    public void SyntaxErrorsGiveTheByteAndTheField()
    {
        AssertFault("{\n \"ä\": 1,\n \"b\": }"u8, "not valid JSON from byte 18 on, in b;");
        AssertFault([.. "{\n \"ab"u8, 0xFF, .. "\": 1}"u8], "byte 6 is not valid UTF-8, in the top level;");
        AssertFault([], "not valid JSON from byte 0 on, in the top level;");
        AssertFault("\uFEFF{]"u8, "not valid JSON from byte 4 on, in the top level;");

        void AssertFault(ReadOnlySpan<byte> bytes, string words)
        {
            System.IO.File.WriteAllBytes(File, bytes);
            Assert.Contains(words, Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message);
        }
    }

    [Fact]
    public void AFileCutShortTellsWhereItEnds()
    {
        Learned.Save(File);
        var whole = System.IO.File.ReadAllBytes(File);
        foreach (var (marker, field) in new[]
        {
            ("\"<unk>\"", "added_tokens[1].content"), ("\"ByteLevel\"", "pre_tokenizer.type"),
            ("\"tokens\": [", "post_processor.special_tokens['</s>'].tokens[0]"), ("\"vocab\": {", "model.vocab"),
            ("\"q\": ", "model.vocab.q"), ($"\"{Merge(0)}\"", "model.merges[0]"), ($"\"{Merge(20)}\"", "model.merges[20]"),
        })
        {
            // Behind the first byte of a text, or behind the marker where a value should begin.
            var start = whole.AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker));
            var length = start + (marker.EndsWith('"') ? 2 : marker.Length);
            System.IO.File.WriteAllBytes(File, whole[..length]);
            var message = Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message;
            Assert.EndsWith($", in {field}; it is cut short or damaged, fetch or make it again.", message);
            Assert.InRange(int.Parse(Regex.Match(message, @"byte (\d+) ").Groups[1].Value), start, length);
        }

        static string Merge(int rank) => string.Join(' ', new[] { Learned.Model.Merges.Merges[rank] }
            .SelectMany(merge => new[] { Learned.IdToToken(merge.Left), Learned.IdToToken(merge.Right) }));
    }

    [Fact]
    public void AByteOrderMarkIsPassedOver()
    {
        Learned.Save(File);
        System.IO.File.WriteAllBytes(File, [.. Encoding.UTF8.Preamble, .. System.IO.File.ReadAllBytes(File)]);
        Assert.Equal(Learned.VocabularySize, Tokenizer.Load(File).VocabularySize);
    }

    [Fact]
    public void MissingAndOversizedFilesAreNamed()
    {
        Assert.Contains(File, Assert.Throws<MultiheadException>(() => Tokenizer.Load(_folder["."])).Message.Replace("/./", "/"));
        Assert.Contains("nowhere", Assert.Throws<MultiheadException>(() => Tokenizer.Load(_folder["nowhere/x.json"])).Message);
        using (var sparse = System.IO.File.Create(File)) sparse.SetLength((512L << 20) + 1);
        Assert.Contains("536870913 bytes", Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message);
    }

    private static void Set(JsonNode root, string field, string value)
    {
        var names = field.Split('.');
        foreach (var name in names[..^1]) root = int.TryParse(name, out var index) ? root[index]! : root[name]!;
        if (int.TryParse(names[^1], out var last)) root[last] = JsonNode.Parse(value);
        else root[names[^1]] = JsonNode.Parse(value);
    }

    private Tokenizer Change(Action<JsonNode> change)
    {
        Learned.Save(File);
        var root = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        change(root);
        System.IO.File.WriteAllText(File, root.ToJsonString());
        return Tokenizer.Load(File);
    }
}
