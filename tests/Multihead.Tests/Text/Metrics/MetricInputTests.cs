using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>What both metrics refuse, what they take all the same, and how they lower-case.</summary>
public class MetricInputTests
{
    [Fact]
    public void BadInputIsNamed()
    {
        Refused("There are no hypotheses", [], [[]]);
        Refused("There are no references", ["a"], []);
        Refused("2 hypotheses, but reference 2 has 1 lines", ["a", "b"], [["a", "b"], ["a"]]);
        Refused("Line 2 of the references is empty", ["a", "b"], [["a", ""], ["a", null]]);

        static void Refused(string words, string[] hypotheses, string?[][] references)
        {
            Assert.Contains(words, Assert.Throws<MultiheadException>(() => Bleu.Corpus(hypotheses, references)).Message);
            Assert.Contains(words, Assert.Throws<MultiheadException>(() => ChrF.Corpus(hypotheses, references)).Message);
        }
    }

    [Fact]
    public void BadOptionsAreNamed()
    {
        Refused("n-grams up to 0", new BleuOptions { Order = 0 });
        Refused("smoothing value, which only", new BleuOptions { SmoothingValue = 1 });
        Refused("smoothing value -0.5;", new BleuOptions { Smoothing = BleuSmoothing.AddK, SmoothingValue = -0.5 });
        Refused("tokenisation numbered 9", new BleuOptions { Tokenization = (BleuTokenization)9 });
        foreach (var options in new[]
        {
            new ChrFOptions { CharacterOrder = 0 }, new ChrFOptions { WordOrder = -1 }, new ChrFOptions { Beta = 0 },
        })
            Assert.Throws<MultiheadException>(() => ChrF.Sentence("a", ["a"], options));

        static void Refused(string words, BleuOptions options) =>
            Assert.Contains(words, Assert.Throws<MultiheadException>(() => Bleu.Sentence("a", ["a"], options)).Message);
    }

    [Fact]
    public void EmptyHypothesesScoreZero()
    {
        var bleu = Bleu.Corpus(["", " "], [["a b", "c"]]);
        Assert.Equal((0, 0, 0L, 3L), (bleu.Score, bleu.BrevityPenalty, bleu.HypothesisLength, bleu.ReferenceLength));
        Assert.Equal(0, ChrF.Corpus(["", " "], [["a b", "c"]], new ChrFOptions { WordOrder = 2 }).Score);
    }

    [Fact]
    public void LongLinesAreTaken()
    {
        var line = string.Join(' ', Enumerable.Range(0, 100_000).Select(i => $"w{i % 977}"));
        Assert.Equal(100, Bleu.Corpus([line, "a b c d"], [[line, "a b c d"]]).Score, 1e-10);
        Assert.Equal(100, ChrF.Corpus([line], [[line]], new ChrFOptions { WordOrder = 2 }).Score, 1e-10);
    }

    [Fact]
    public void SegmentsMayHaveDifferentlyManyReferences()
    {
        string?[][] references = [["The dog bit the man.", "It was not unexpected."], ["The dog had bit the man.", null]];
        var score = Bleu.Corpus(["The dog bit the man.", "It was not unexpected."], references);
        Assert.Equal(100, score.Score, 1e-10);
        Assert.StartsWith("nrefs:var|", score.Signature);
    }

    [Fact]
    public void ReferenceLengthIsTheClosestAndOfTwoAsCloseTheShorter()
    {
        Assert.Equal(3, Bleu.Corpus(["a b c d"], [["a b c d e"], ["a b c"], ["a"]]).ReferenceLength);
        Assert.Equal(5, Bleu.Corpus(["a b c d"], [["a b"], ["a b c d e"], ["a"]]).ReferenceLength);
    }

    [Theory]
    [InlineData("\u00c4RGER \u0130", "\u00e4rger i\u0307")] // Python: 'ÄRGER İ'.lower()
    [InlineData("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2")] // ends a word: final sigma
    [InlineData("\u03a3 \u03a3\u039f\u03a3.", "\u03c3 \u03c3\u03bf\u03c2.")] // alone, first, before a full stop
    [InlineData("\u0391'\u03a3'\u0391", "\u03b1'\u03c3'\u03b1")] // apostrophes do not end a word
    [InlineData("\U00010400\u03a3", "\U00010428\u03c2")] // a cased letter beyond the first plane
    public void LowersAsPython(string line, string expected) => Assert.Equal(expected, LowerCase.Of(line));
}
