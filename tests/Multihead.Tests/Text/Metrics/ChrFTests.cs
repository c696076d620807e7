using System.Text.Json;
using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>chrF against sacreBLEU's own unit cases; its tests use beta 3, and its epsilon is 1e-4.</summary>
public class ChrFTests
{
    private static JsonElement Cases => SacreBleuCases.Unit("test_chrf");

    [Theory]
    [InlineData("test_cases", true, false)]
    [InlineData("test_cases_effective_order", false, false)]
    [InlineData("test_cases_keep_whitespace", false, true)]
    public void CorpusCasesAgree(string group, bool epsilonSmoothing, bool whiteSpace)
    {
        var options = new ChrFOptions { Beta = 3, EpsilonSmoothing = epsilonSmoothing, WhiteSpace = whiteSpace };
        foreach (var given in Cases.GetProperty(group).EnumerateArray())
            Assert.Equal(given[2].GetDouble(), ChrF.Corpus(given[0].Lines(), [given[1].Lines()], options).Score, 1e-4);
    }

    [Fact]
    public void SentenceCasesAgree()
    {
        foreach (var given in Cases.GetProperty("test_sentence_level_chrf").EnumerateArray())
        {
            var score = ChrF.Sentence(given[0].GetString()!, given[1].Lines(), new ChrFOptions { EpsilonSmoothing = true }).Score;
            Assert.Equal(given[2].GetDouble(), score, 1e-4);
        }
    }

    [Fact]
    public void CountsCodePointsNotUtf16Units()
    {
        // 1 of 2 characters is shared, and no pair; by UTF-16 units the first half of the second pair would be shared too
        Assert.Equal(25, ChrF.Sentence("\U0001f600\U0001f601", ["\U0001f600\U0001f602"]).Score, 1e-12);
    }

    [Fact]
    public void TakesOneMarkOffAWordAsChrFPlusPlusDoes()
    {
        var words = new ChrFOptions { CharacterOrder = 1, WordOrder = 1 };
        // "hi)" and "$x" come apart, and so the words on both sides are the same, as the characters are
        Assert.Equal(100, ChrF.Sentence("hi) $x a", ["hi ) $ x a"], words).Score, 1e-12);
        // of "(hi)" only the end does: 1 of 2 words is among the 3, precision (1 + 1/2) / 2, recall (1 + 1/3) / 2
        Assert.Equal(100 * 5 * 0.75 * (2 / 3.0) / (4 * 0.75 + 2 / 3.0), ChrF.Sentence("(hi)", ["( hi )"], words).Score, 1e-12);
    }

    [Fact]
    public void TakesTheBestReferenceOfEachSegment()
    {
        string[] hypotheses = ["one two", "three four"], first = ["one two", "5 6 7"], second = ["8 9 1", "three four"];
        var score = ChrF.Corpus(hypotheses, [first, second]);
        Assert.Equal(100, score.Score, 1e-12);
        Assert.StartsWith("chrF2|nrefs:2|case:mixed|eff:yes|nc:6|nw:0|space:no|version:multihead-", score.ToString());
    }

    [Fact]
    public void ReadsTheSameUnderACommaCulture()
    {
        var given = Cases.GetProperty("test_sentence_level_chrf")[0];
        string Line() => ChrF.Sentence(given[0].GetString()!, given[1].Lines(),
            new ChrFOptions { LowerCase = true, WhiteSpace = true, EpsilonSmoothing = true, WordOrder = 2 }).ToString();
        Assert.Equal(Line(), CommaCulture.Run(Line));
        Assert.StartsWith("chrF2++|nrefs:1|case:lc|eff:no|nc:6|nw:2|space:yes|version:multihead-", Line());
        Assert.Matches(@" = \d\d\.\d$", Line());
    }
}
