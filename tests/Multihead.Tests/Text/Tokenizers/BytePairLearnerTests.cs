using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

public class BytePairLearnerTests
{
    private static readonly string[] Special = ["</s>", "<unk>", "<pad>"];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    public void LearnsWhatTheReferenceLearns(int seed, int minimum)
    {
        var texts = RandomText.Lines(new Random(seed), 60, 100);
        var (merges, tokens) = ReferenceBytePairTrainer.Learn(texts, Special, 259 + 90, minimum);
        AssertSame(merges, tokens, Learn(texts, tokens.Count, minimum));
    }

    [Fact]
    public void LearnsWhatTheReferenceLearnsFromRunsAndOddText()
    {
        // Runs of one letter have overlapping pairs, "</s>" must not be made, and some tokens can be made in two ways.
        var random = new Random(4);
        var texts = Enumerable.Range(0, 60).Select(_ => $"{RandomText.Next(random, 8)} {new string('a', random.Next(12))} "
            + "</s></s> " + new string(random.GetItems<char>("ab", 9))).ToArray();
        var (merges, tokens) = ReferenceBytePairTrainer.Learn(texts, Special, 259 + 150, 1);
        var learned = Learn(texts, tokens.Count, 1);
        AssertSame(merges, tokens, learned);
        Assert.DoesNotContain(merges, merge => merge.Item1 + merge.Item2 == "</s>");
        Assert.DoesNotContain(learned.EndOfSentenceId, learned.Encode("</s></s>"));
    }

    [Fact]
    public void TheOrderOfTheTextsDoesNotMatter()
    {
        var texts = RandomText.Lines(new Random(5), 200, 300);
        var one = Learn(texts, 600, 2);
        var other = Learn(texts.Reverse(), 600, 2);
        Assert.Equal(Merges(one), Merges(other));
    }

    [Fact]
    public void TooLargeAVocabularySaysHowLargeItCanBe()
    {
        var texts = RandomText.Lines(new Random(6), 20, 50);
        var largest = ReferenceBytePairTrainer.Learn(texts, Special, 5000, 2).Tokens.Count;
        var e = Assert.Throws<MultiheadException>(() => Learn(texts, 5000, 2));
        Assert.Contains("5000", e.Message);
        Assert.Contains($"gives {largest} at most", e.Message);
        Assert.Equal(largest, Learn(texts, largest, 2).VocabularySize);
        Assert.Throws<MultiheadException>(() => Learn(texts, largest + 1, 2));
    }

    [Fact]
    public void NoTextLeavesTheBytes()
    {
        var bytes = Learn([], 259, 1);
        Assert.Equal("Ünïcode", bytes.Decode(bytes.Encode("Ünïcode")));
        Assert.Contains("gives 259 at most", Assert.Throws<MultiheadException>(() => Learn(["", ""], 260, 1)).Message);
    }

    [Fact]
    public void SpecialTokensComeFirst()
    {
        var tokenizer = Learn(["to be or not to be"], 261, 2);
        Assert.Equal((0, 1, 2), (tokenizer.EndOfSentenceId, tokenizer.UnknownId, tokenizer.PaddingId));
        var named = BytePairLearner.Learn([], new() { VocabularySize = 258, SpecialTokens = ["<pad>", "<2de>"] });
        Assert.Equal(1, named.TokenToId("<2de>"));
        Assert.Throws<MultiheadException>(() => named.EndOfSentenceId);
    }

    [Fact]
    public void AWordOfHundredsOfThousandsOfCharactersIsLearnedFrom() // merges over all of it would take minutes
    {
        var random = new Random(7);
        var text = string.Concat(random.GetItems<string>(["a", "b", "c", "d", "e", "f", "g", "ü", "𝒜"], 150_000));
        var tokenizer = Learn([text], 1500, 2);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Theory]
    [InlineData(258, 2, "</s>", "<unk>", "<pad>", "258")]
    [InlineData(300, 0, "</s>", "<unk>", "<pad>", "minimum frequency")]
    [InlineData(300, 2, "</s>", "</s>", "<pad>", "twice")]
    [InlineData(300, 2, "</s>", "", "<pad>", "empty")]
    [InlineData(300, 2, "</s>", "Ġ", "<pad>", "spelling of a byte")]
    public void RefusesOptionsByName(int size, int minimum, string first, string second, string third, string word)
    {
        var e = Assert.Throws<MultiheadException>(() => BytePairLearner.Learn(
            ["some text"], new() { VocabularySize = size, MinimumFrequency = minimum, SpecialTokens = [first, second, third] }));
        Assert.Contains(word, e.Message);
    }

    /// <summary>An attribute cannot carry one.</summary>
    [Fact]
    public void RefusesALoneSurrogateInASpecialToken() => Assert.Contains("well-formed", Assert.Throws<MultiheadException>(
        () => BytePairLearner.Learn([], new() { VocabularySize = 300, SpecialTokens = ["<\uD800>"] })).Message);

    private static Tokenizer Learn(IEnumerable<string> texts, int size, int minimum) =>
        BytePairLearner.Learn(texts, new() { VocabularySize = size, MinimumFrequency = minimum });

    private static IEnumerable<(string, string)> Merges(Tokenizer tokenizer) => tokenizer.Model.Merges.Merges.Select(merge =>
        (tokenizer.IdToToken(merge.Left), tokenizer.IdToToken(merge.Right)));

    private static void AssertSame(List<(string, string)> merges, List<string> tokens, Tokenizer learned)
    {
        Assert.Equal(merges, Merges(learned));
        Assert.Equal(tokens, Enumerable.Range(0, learned.VocabularySize).Select(learned.IdToToken));
    }
}
