using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using Tokenizer = Multihead.Text.Tokenizers.Tokenizer;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>GPT-2's own tokenizer against ids from tiktoken and llama.cpp, and against Microsoft.ML.Tokenizers.</summary>
public class HuggingFaceFixtureTests
{
    [Fact]
    public void Gpt2GivesTheIdsOfTiktoken()
    {
        var gpt2 = LoadGpt2();
        var file = TestData.Require("tokenizer-fixtures", "tiktoken", "expected.json");
        using var expected = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var item in expected.RootElement.GetProperty("gpt2").EnumerateArray())
            Assert.Equal(item[1].EnumerateArray().Select(id => id.GetInt32()), gpt2.Encode(item[0].GetString()!));
        foreach (var line in File.ReadLines(TestData.Require("tokenizer-fixtures", "tiktoken", "gpt2.tiktoken")))
        {
            var (bytes, id) = (Convert.FromBase64String(line.Split(' ')[0]), int.Parse(line.Split(' ')[1]));
            Assert.Equal(bytes, gpt2.BytesOf(id));
        }
    }

    [Fact]
    public void Gpt2GivesTheIdsOfLlamaCpp()
    {
        var gpt2 = LoadGpt2();
        var file = TestData.Require("tokenizer-fixtures", "ggml-vocab", "ggml-vocab-gpt-2.gguf.inp");
        var inputs = File.ReadAllText(file).Split("\n__ggml_vocab_test__\n")[..^1]; // the last is ended, too
        var outputs = File.ReadAllLines(Path.ChangeExtension(file, ".out"));
        Assert.Equal(outputs.Length, inputs.Length);
        for (var i = 0; i < inputs.Length; i++)
            Assert.Equal(outputs[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), gpt2.Encode(inputs[i]));
    }

    [Fact]
    public void Gpt2AgreesWithMicrosoftOnRandomText()
    {
        var gpt2 = LoadGpt2();
        AssertAgrees(gpt2, TestScale.Rounds(3000));
        Assert.DoesNotContain(50256, gpt2.Encode("hello <|endoftext|>"));
        Assert.Equal("hello", gpt2.Decode([31373, 50256]));
    }

    [Fact]
    public void LearnedTokenizersAgreeWithMicrosoft()
    {
        var texts = RandomText.Lines(new Random(3), 400, 500);
        var learned = Multihead.Text.Tokenizers.BytePairLearner.Learn(texts, new() { VocabularySize = 800 });
        AssertAgrees(learned, TestScale.Rounds(3000));
        var oracle = Oracle(learned);
        foreach (var text in texts) Assert.Equal(oracle.EncodeToIds(text), learned.Encode(text));
    }

    /// <summary>The file as it is has runs of spaces and tabs as added tokens of plain text: CodeGen's tokenizer.</summary>
    [Fact]
    public void AddedTokensOfPlainTextAreFoundAsMicrosoftFindsThem()
    {
        var file = TestData.Require("weights", "ort-tiny-random-gpt2", "tokenizer.json");
        var ours = Tokenizer.Load(Path.GetDirectoryName(file)!);
        Assert.Equal(50295, ours.VocabularySize);
        using var vocabulary = new MemoryStream(Encoding.UTF8.GetBytes(Model(file)["vocab"]!.ToJsonString()));
        using var merges = new MemoryStream(Encoding.UTF8.GetBytes(
            "#version: 0.2\n" + string.Join('\n', Model(file)["merges"]!.AsArray().Select(merge => (string)merge!)) + "\n"));
        var oracle = CodeGenTokenizer.Create(vocabulary, merges, false, false, false);
        var random = new Random(5);
        for (var i = 0; i < TestScale.Rounds(1000); i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3) switch
            {
                0 => new string(' ', random.Next(1, 40)),
                1 => new string('\t', random.Next(1, 12)),
                _ => RandomText.Next(random, 2).Replace("<|endoftext|>", "").Replace("\n", ""),
            }));
            if (HasAstralLetter(text)) continue;
            var ids = ours.Encode(text);
            Assert.Equal(oracle.EncodeToIds(text), ids);
            Assert.Equal(text, ours.Decode(ids));
        }
    }

    private static void AssertAgrees(Tokenizer ours, int count)
    {
        var oracle = Oracle(ours);
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            var text = RandomText.Next(random, 20);
            if (!HasAstralLetter(text)) Assert.Equal(oracle.EncodeToIds(text), ours.Encode(text));
        }
    }

    /// <summary>.NET's regex takes astral letters and digits for symbols, Hugging Face's does not.</summary>
    private static bool HasAstralLetter(string text) =>
        text.EnumerateRunes().Any(rune => !rune.IsBmp && (Rune.IsLetter(rune) || Rune.IsNumber(rune)));

    private static BpeTokenizer Oracle(Tokenizer tokenizer) => BpeTokenizer.Create(new BpeOptions(
        Enumerable.Range(0, tokenizer.VocabularySize).Select(id => KeyValuePair.Create(tokenizer.IdToToken(id), id)))
    {
        Merges = tokenizer.Model.Merges.Merges.Select(m => $"{tokenizer.IdToToken(m.Left)} {tokenizer.IdToToken(m.Right)}"),
        ByteLevel = true,
        PreTokenizer = new RegexPreTokenizer(WordScannerTests.Gpt2Pattern, null),
    });

    /// <summary>GPT-2 itself: the file without the added tokens that make it CodeGen's.</summary>
    private static Tokenizer LoadGpt2()
    {
        var file = TestData.Require("weights", "ort-tiny-random-gpt2", "tokenizer.json");
        var root = JsonNode.Parse(File.ReadAllText(file))!;
        var added = root["added_tokens"]!.AsArray();
        while (added.Count > 1) added.RemoveAt(1);
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["gpt2.json"], root.ToJsonString());
        var tokenizer = Tokenizer.Load(folder["gpt2.json"]);
        Assert.Equal(50257, tokenizer.VocabularySize);
        return tokenizer;
    }

    private static JsonNode Model(string file) => JsonNode.Parse(File.ReadAllText(file))!["model"]!;
}
