using System.Text;
using System.Text.Json.Nodes;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>SentencePiece's and llama2.c's tokenizers saved as tokenizer.json and read again.</summary>
public sealed class PieceJsonTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string File => _folder["tokenizer.json"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sentencepiece", "test_model")]
    [InlineData("sentencepiece", "test_ja_model")]
    [InlineData("sentencepiece", "onmt_sample.sp")]
    [InlineData("opennmt-tokenizer", "wmtende")]
    [InlineData("opennmt-tokenizer", "sp")]
    public void SentencePieceIsReadBack(string folder, string name) =>
        AssertReadBack(Tokenizer.Load(TestData.Require("tokenizer-fixtures", folder, name + ".model")));

    [Fact]
    public void Llama2cIsReadBack()
    {
        AssertReadBack(Llama2cTokenizerReader.Read(TestData.Require("weights", "stories260K", "tok512.bin"), 512));
        var loaded = Tokenizer.Load(File);
        Assert.True(loaded.AddsBeginOfText);
        Assert.False(loaded.AddsEndOfText);
        Assert.Equal([403, 407, 261, 378], loaded.Encode("Once upon a time"));
    }

    /// <summary>As Hugging Face's converter of T5 writes it.</summary>
    [Fact]
    public void MetaspaceIsRead()
    {
        var tokenizer = Tokenizer.Load(TestData.Require("tokenizer-fixtures", "sentencepiece", "test_model.model"));
        tokenizer.Save(File);
        var root = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        root["normalizer"] = root["normalizer"]!["normalizers"]![0]!.DeepClone();
        root["pre_tokenizer"] = JsonNode.Parse("""
            {"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},
             {"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}]}
            """);
        root["decoder"] = JsonNode.Parse("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}""");
        System.IO.File.WriteAllText(File, root.ToJsonString());
        AssertSame(tokenizer, Tokenizer.Load(File));
    }

    [Theory]
    [InlineData("model.type", "\"WordLevel\"", "model.type is 'WordLevel'")]
    [InlineData("model.unk_token", "\"?!\"", "model.unk_token is '?!', which the vocabulary lacks")]
    [InlineData("model.fuse_unk", "false", "model has 'fuse_unk' false")]
    [InlineData("model.merges.7", "\"▁ t\"", "makes '▁t' again after other tokens")]
    [InlineData("model.merges.0", "\"x y\"", "model.merges[0] makes 'xy', which the vocabulary lacks")]
    [InlineData("model.merges.7", "\"▁t he\"", "model.merges lack '▁th' and 'e'")]
    [InlineData("model.vocab.▁t", "7", "which another token has already")]
    [InlineData("normalizer", """{"type":"NFC"}""", "normalizer is no part of SentencePiece's normalisation")]
    [InlineData("normalizer", """{"type":"Prepend","prepend":"▁"}""", "normalizer leaves spaces as they are")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":"%"}""", "is no character map in base64")]
    [InlineData("pre_tokenizer", """{"type":"BertPreTokenizer"}""", "pre_tokenizer.type is 'BertPreTokenizer'")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"_"}""", "pre_tokenizer.replacement is not '▁'")]
    [InlineData("decoder.decoders.0.type", "\"CTC\"", "decoder.decoders[0].type is 'CTC'")]
    [InlineData("post_processor.single.0.SpecialToken.id", "\"Q\"", "post_processor.single[0] adds 'Q'")]
    public void DefectsAreNamed(string field, string value, string message)
    {
        Llama2cTokenizerReader.Read(TestData.Require("weights", "stories260K", "tok512.bin"), 512).Save(File);
        var root = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        var at = root;
        var names = field.Split('.');
        foreach (var name in names[..^1]) at = int.TryParse(name, out var index) ? at[index]! : at[name]!;
        if (int.TryParse(names[^1], out var last)) at[last] = JsonNode.Parse(value);
        else at[names[^1]] = JsonNode.Parse(value);
        System.IO.File.WriteAllText(File, root.ToJsonString());
        Assert.Contains(message, Assert.Throws<MultiheadException>(() => Tokenizer.Load(File)).Message);
    }

    private void AssertReadBack(Tokenizer tokenizer)
    {
        tokenizer.Save(File);
        var loaded = Tokenizer.Load(File);
        Assert.Equal(tokenizer.BeginOfTextId, loaded.BeginOfTextId);
        Assert.Equal(tokenizer.EndOfTextId, loaded.EndOfTextId);
        Assert.Equal(tokenizer.UnknownId, loaded.UnknownId);
        AssertSame(tokenizer, loaded);
        loaded.Save(_folder["again.json"]);
        Assert.Equal(System.IO.File.ReadAllBytes(File), System.IO.File.ReadAllBytes(_folder["again.json"]));
    }

    private static void AssertSame(Tokenizer expected, Tokenizer actual)
    {
        Assert.Equal(expected.VocabularySize, actual.VocabularySize);
        var random = new Random(5);
        var texts = Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(
            TestData.Require("tokenizer-fixtures", "sentencepiece-oracle", "input.txt"))).Split('\n')
            .Concat(Enumerable.Range(0, 300).Select(_ => RandomText.Next(random, 30)));
        foreach (var text in texts)
        {
            var ids = expected.Encode(text);
            Assert.Equal(ids, actual.Encode(text));
            Assert.Equal(expected.Decode(ids), actual.Decode(ids));
        }
    }
}
