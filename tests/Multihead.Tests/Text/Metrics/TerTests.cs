using System.Globalization;
using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

public class TerTests
{
    [Fact]
    public void AgreesWithTercomOnEightSystems()
    {
        string[][] reference = [SacreBleuCases.NewsTest("ref.de.gz")];
        foreach (var row in SacreBleuCases.Table("expected.tsv"))
        {
            var score = Ter.Corpus(SacreBleuCases.NewsTest(row[0] + ".gz"), reference).Score;
            Assert.Equal(double.Parse(row[5], CultureInfo.InvariantCulture), score / 100, 0.00051); // it prints three digits
        }
    }

    [Theory]
    [InlineData("aaaa bbbb cccc dddd", "aaaa bbbb cccc dddd", 0, 4)]
    [InlineData("dddd eeee ffff", "aaaa bbbb cccc", 3, 3)]
    [InlineData("", "a", 1, 1)]
    [InlineData("a", " ", 1, 0)]
    [InlineData("d e f g h a b c", "a b c d e f g h", 1, 8)] // one shift
    [InlineData("A b", "a b", 0, 2)]
    public void CountsEditsAndShifts(string hypothesis, string reference, int edits, int length)
    {
        var score = Ter.Sentence(hypothesis, [reference]);
        Assert.Equal((edits, length), (score.Edits, score.ReferenceLength));
        Assert.Equal(length == 0 ? 100 : 100.0 * edits / length, score.Score);
    }

    [Fact]
    public void OfSeveralReferencesTheNearestCountsOverTheirMeanLength()
    {
        var score = Ter.Sentence("a b c", ["a b x", "x y z v w"]);
        Assert.Equal((1, 4, 25), (score.Edits, score.ReferenceLength, score.Score));
    }

    [Fact]
    public void CaseCountsWhenTold() =>
        Assert.Equal(50, Ter.Sentence("A b", ["a b"], new TerOptions { CaseSensitive = true }).Score);

    [Fact]
    public void TheSignatureIsSacreBleus() => Assert.Matches(
        @"^TER\|nrefs:1\|case:lc\|tok:tercom\|norm:no\|punct:yes\|asian:no\|version:multihead-\d+\.\d+\.\d+ = 50\.0$",
        Ter.Sentence("a c", ["a b"]).ToString());
}
