using Multihead.Text.Corpora.Keys;

namespace Multihead.Tests.Text.Corpora.Keys;

/// <summary>How far placeholders and quotations reach.</summary>
public class FoldedPartsTests
{
    [Theory]
    [InlineData("{0} x", 3)]
    [InlineData("{name:format}", 13)]
    [InlineData("{} x", 0)]
    [InlineData("{a {0}", 0)] // a second one opens first
    [InlineData("{0", 0)]
    [InlineData("{", 0)]
    [InlineData("$(Property)", 11)]
    [InlineData("$()", 0)]
    [InlineData("$(a(b)", 0)]
    [InlineData("$", 0)]
    [InlineData("$x", 0)]
    [InlineData("%s", 2)]
    [InlineData("%-10.3lf, x", 8)]
    [InlineData("%08lX.", 5)]
    [InlineData("%1$d!", 4)]
    [InlineData("%ig", 0)]
    [InlineData("%PATH% x", 6)]
    [InlineData("%PATH", 0)]
    [InlineData("%%", 0)]
    [InlineData("%", 0)]
    [InlineData("% d", 0)]
    public void PlaceholdersReach(string text, int length) => Assert.Equal(length, Placeholder.LengthAt(text, 0));

    [Fact]
    public void APlaceholderHasAShortName()
    {
        Assert.Equal(65, Placeholder.LengthAt($"{{{new string('a', 63)}}} x", 0));
        Assert.Equal(0, Placeholder.LengthAt($"{{{new string('a', 64)}}} x", 0));
    }

    [Theory]
    [InlineData("\"a\" b", 0, 3)]
    [InlineData("\"\" b", 0, 0)]
    [InlineData("'it's' b", 0, 6)] // the first one is inside a word
    [InlineData("don't 'a'", 3, 0)]
    [InlineData("don't 'a'", 6, 3)]
    [InlineData("「a」は", 0, 3)]
    [InlineData("型’a’は", 1, 3)] // East Asian text puts no space before it
    [InlineData("”a”", 0, 3)] // as in Swedish
    [InlineData("»a«", 0, 3)]
    [InlineData("»a»", 0, 0)]
    [InlineData("“a", 0, 0)]
    [InlineData("a", 0, 0)]
    public void QuotationsReach(string text, int at, int length) => Assert.Equal(length, Quotation.LengthAt(text, at));

    [Fact]
    public void AQuotationIsShort()
    {
        Assert.Equal(66, Quotation.LengthAt($"'{new string('a', 64)}' b", 0));
        Assert.Equal(0, Quotation.LengthAt($"'{new string('a', 65)}' b", 0));
    }
}
