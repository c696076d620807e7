using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>Vocabularies out of GGUF files against the ids that llama.cpp's tests expect of them.</summary>
public class VocabularyArraysTests
{
    [Theory]
    [InlineData("gpt-2")]
    [InlineData("falcon")]
    [InlineData("starcoder")]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    public void GgufGivesTheIdsOfLlamaCpp(string name)
    {
        var file = TestData.Require("tokenizer-fixtures", "ggml-vocab", $"ggml-vocab-{name}.gguf");
        var read = GgufVocabulary.Read(file);
        var tokenizer = VocabularyArraysReader.Read(read, file);
        Assert.Equal((read.Begin, read.End), (tokenizer.BeginOfTextId, tokenizer.EndOfTextId));
        Assert.Equal((read.AddsBegin, read.AddsEnd), (tokenizer.AddsBeginOfText, tokenizer.AddsEndOfText));
        var again = VocabularyArraysReader.Read(VocabularyArraysWriter.Write(tokenizer), file);
        var inputs = File.ReadAllText(file + ".inp").Split("\n__ggml_vocab_test__\n")[..^1]; // the last is ended, too
        var outputs = File.ReadAllLines(file + ".out");
        Assert.Equal(outputs.Length, inputs.Length);
        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = outputs[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
            Assert.Equal(expected, tokenizer.Encode(inputs[i]));
            Assert.Equal(expected, again.Encode(inputs[i]));
            Assert.Equal(inputs[i], again.Decode(expected));
        }
    }

    [Fact]
    public void AllOfTheArraysComesBack()
    {
        foreach (var arrays in Samples())
        {
            var back = VocabularyArraysWriter.Write(VocabularyArraysReader.Read(arrays, "x"));
            Assert.Equal(arrays with { Tokens = [], Scores = null, Types = null, Merges = null },
                back with { Tokens = [], Scores = null, Types = null, Merges = null });
            Assert.Equal(arrays.Tokens, back.Tokens);
            Assert.Equal(arrays.Scores, back.Scores);
            Assert.Equal(arrays.Types, back.Types);
            Assert.Equal(arrays.Merges, back.Merges);
        }
    }

    [Fact]
    public void DefectsAreNamed()
    {
        var (pieces, bytes) = (Samples()[0], Samples()[1]);
        Assert.Contains("its kind is 'rwkv'", Fault(pieces with { Model = "rwkv" }));
        Assert.Contains("it has no scores", Fault(pieces with { Scores = null }));
        Assert.Contains("7 tokens, 1 scores and 7 types", Fault(pieces with { Scores = [1] }));
        Assert.Contains("the score of token 2 is no finite", Fault(pieces with { Scores = [0, 0, float.NaN, 0, 0, 0, 0] }));
        Assert.Contains("the special token 7 is not among", Fault(pieces with { End = 7 }));
        Assert.Contains("token 1 has the type 9", Fault(pieces with { Types = [2, 9, 3, 1, 1, 1, 4] }));
        Assert.Contains("token 1 is '<s>', where <0x00>", Fault(pieces with { Types = [2, 6, 3, 1, 1, 1, 4] }));
        Assert.Contains("no unknown token", Fault(pieces with { Unknown = null, Types = [1, 3, 3, 1, 1, 1, 4] }));
        Assert.Contains("its character map is cut short", Fault(pieces with { CharacterMap = [9, 0, 0, 0, 1] }));
        Assert.Contains("the limit of 1024", Fault(pieces with { Tokens = [.. pieces.Tokens[..6], new string('a', 1025)] }));
        Assert.Contains("known are gpt-2, ", Fault(bytes with { PreTokenizer = "exaone" }));
        Assert.Contains("it has no merges", Fault(bytes with { Merges = null }));
        Assert.Contains("merge 0, 'a q b'", Fault(bytes with { Merges = ["a q b"] }));

        static string Fault(VocabularyArrays arrays) =>
            Assert.Throws<MultiheadException>(() => VocabularyArraysReader.Read(arrays, "x")).Message;
    }

    /// <summary>Arrays with parts exchanged at random: each makes a tokenizer that encodes, or is refused in one line.</summary>
    [Fact]
    public void Fuzzed()
    {
        var random = new Random(9);
        var (made, reasons) = (0, new HashSet<string>());
        for (var i = 0; i < TestScale.Rounds(3000); i++)
        {
            try
            {
                var tokenizer = VocabularyArraysReader.Read(Damaged(Samples()[random.Next(2)], random), "x");
                foreach (var text in (string[])["", " ab  <x> abA", "日本\0😀 12345 !!"])
                    tokenizer.Decode(tokenizer.Encode(text));
                made++;
            }
            catch (MultiheadException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                var letters = string.Concat(e.Message.Where(char.IsAsciiLetter));
                reasons.Add(letters[..Math.Min(60, letters.Length)]);
            }
        }
        Assert.True(made > 300 && reasons.Count >= 8, $"{made} made, {reasons.Count} reasons");
    }

    private static VocabularyArrays Damaged(VocabularyArrays arrays, Random random)
    {
        for (var changes = random.Next(1, 3); changes > 0; changes--)
            arrays = random.Next(11) switch
            {
                0 => arrays with { Model = random.Next(4) == 0 ? "bert" : arrays.Model == "t5" ? "llama" : "t5" },
                1 => arrays with { Tokens = arrays.Tokens[random.Next(arrays.Tokens.Length)..] },
                2 => arrays with { Tokens = Changed(arrays.Tokens, random, ["", " ", "a", "<0x0", "▁", "ab", "\uD800"]) },
                3 => arrays with { Scores = Changed(arrays.Scores ?? [], random, [0, -1, float.NaN, float.MaxValue, 7]) },
                4 => arrays with { Types = Changed(arrays.Types ?? [], random, [0, 1, 2, 3, 4, 5, 6, 7, -1]) },
                5 => arrays with { Merges = Changed(arrays.Merges ?? [], random, ["", " ", "a b", "ab a", "a  b", "b a"]) },
                6 => arrays with { PreTokenizer = random.Next(3) == 0 ? "?" : "falcon" },
                7 => arrays with { Unknown = random.Next(-1, 300), End = random.Next(3) },
                8 => arrays with { CharacterMap = [(byte)random.Next(9), 0, 0, 0, (byte)random.Next(256), 4, 0, 0, 65, 0] },
                9 => arrays with { AddsSpacePrefix = false, RemovesExtraSpaces = true },
                _ => arrays with { Types = null, Unknown = random.Next(2) == 0 ? null : 0 },
            };
        return arrays;
    }

    private static T[] Changed<T>(T[] items, Random random, T[] values)
    {
        T[] changed = [.. items];
        if (changed.Length > 0) changed[random.Next(changed.Length)] = values[random.Next(values.Length)];
        return changed;
    }

    private static VocabularyArrays[] Samples() =>
    [
        new()
        {
            Model = "llama", PreTokenizer = "default", Begin = 1, End = 2, Unknown = 0, AddsBegin = true,
            Tokens = ["<unk>", "<s>", "</s>", "a", "b", "ab", "<x>"], Scores = [0, 0, 0, -3, -2, -1, 0],
            Types = [2, 3, 3, 1, 1, 1, 4],
        },
        new()
        {
            Model = "gpt2", PreTokenizer = "starcoder", Begin = 257, End = 257,
            Tokens = [.. ByteAlphabet.InSymbolOrder().Select(b => ByteAlphabet.Symbol(b).ToString()), "ab", "<|endoftext|>"],
            Types = [.. Enumerable.Repeat(1, 257), 3], Merges = ["a b"],
        },
    ];
}
