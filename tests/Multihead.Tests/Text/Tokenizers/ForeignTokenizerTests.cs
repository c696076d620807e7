using System.Text;
using System.Text.Json;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>Tokenizers read from other makers' files against the ids that their own programs give.</summary>
public class ForeignTokenizerTests
{
    [Theory]
    [InlineData("sentencepiece", "test_model")]
    [InlineData("sentencepiece", "test_ja_model")]
    [InlineData("sentencepiece", "onmt_sample.sp")]
    [InlineData("opennmt-tokenizer", "wmtende")]
    public void SentencePieceGivesTheIdsAndTextsOfSpmEncode(string folder, string name)
    {
        var tokenizer = Tokenizer.Load(TestData.Require("tokenizer-fixtures", folder, name + ".model"));
        var inputs = Lines("input.txt");
        var ids = Lines(name + ".id");
        Assert.Equal(inputs.Length, ids.Length);
        for (var i = 0; i < inputs.Length; i++) Assert.Equal(Ids(ids[i]), tokenizer.Encode(inputs[i]));
        if (name == "wmtende") return; // the oracle has no decodings of this one
        var decoded = Lines(name + ".decoded");
        for (var i = 0; i < inputs.Length; i++) Assert.Equal(decoded[i], tokenizer.Decode(Ids(ids[i])));
    }

    [Fact]
    public void Llama2cReadsTheGreedyStory()
    {
        var tokenizer = Llama2cTokenizerReader.Read(TestData.Require("weights", "stories260K", "tok512.bin"), 512);
        Assert.Equal((1, 2, 512), (tokenizer.BeginOfTextId, tokenizer.EndOfSentenceId, tokenizer.VocabularySize));
        Assert.Equal([403, 407, 261, 378], tokenizer.Encode("Once upon a time"));
        var story = File.ReadAllText(TestData.Require("weights", "stories260K", "expected_greedy.txt"));
        foreach (var text in (string[])[story, "", " ", "  two  spaces ", "Zoë 日本 😀\n"])
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    public void TiktokenGivesItsOwnIds(string name)
    {
        var tokenizer = Tokenizer.Load(TestData.Require("tokenizer-fixtures", "tiktoken", name + ".tiktoken"));
        using var expected = JsonDocument.Parse(
            File.ReadAllText(TestData.Require("tokenizer-fixtures", "tiktoken", "expected.json")));
        foreach (var item in expected.RootElement.GetProperty(name).EnumerateArray())
        {
            var (text, ids) = (item[0].GetString()!, item[1].EnumerateArray().Select(id => id.GetInt32()).ToArray());
            Assert.Equal(ids, tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    /// <summary>The first line begins with U+FEFF, which is text here: <c>ReadAllText</c> would drop it.</summary>
    private static string[] Lines(string name) => Encoding.UTF8.GetString(
        File.ReadAllBytes(TestData.Require("tokenizer-fixtures", "sentencepiece-oracle", name))).TrimEnd('\n').Split('\n');

    private static int[] Ids(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
