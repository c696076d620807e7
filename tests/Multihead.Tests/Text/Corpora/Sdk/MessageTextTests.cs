using Multihead.Text.Corpora;
using Multihead.Text.Corpora.Sdk;

namespace Multihead.Tests.Text.Corpora.Sdk;

public class MessageTextTests
{
    [Theory]
    [InlineData("one", "eins", "one=eins")]
    [InlineData("  one \t two\r\nthree ", "eins  zwei\u00A0drei", "one two three=eins zwei drei")]
    [InlineData("a\0b\u0007c\u0085d", "e", "a b c d=e")]
    [InlineData("a\n\nb", "c\n \t\nd", "a=c|b=d")] // as many paragraphs
    [InlineData("a\r\n\r\n\r\n\r\nb\n", "\n\nc\n\nd\n\n", "a=c|b=d")]
    [InlineData("a\n\nb", "c\nd", "a b=c d")] // not as many
    [InlineData("a\n\nb\n\nc", "d\n\ne", "a b c=d e")]
    [InlineData("", "", "=")]
    [InlineData(" \n\n ", "a", "=a")]
    [InlineData("a\n\nb", "", "a b=")]
    public void ParagraphsBecomeRows(string source, string target, string rows)
    {
        var made = new List<SentencePair> { new("before", "it") };
        MessageText.AddRows(new SentencePair(source, target), made);
        Assert.Equal("before=it|" + rows, string.Join('|', made.Select(row => $"{row.Source}={row.Target}")));
    }
}
