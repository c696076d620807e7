using System.Text;
using System.Text.RegularExpressions;
using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>The scanners against the regular expressions that define the tokenisations (mteval-v13a.pl, mteval-v14.pl).</summary>
public partial class BleuTokenizerTests
{
    private const string Alphabet = "ab1 9.,-,.-'\"$&<>/|~{[`_(+:@%!"
        + "\u00e4\u00b2\u00a7\u00bf\u2026\u2013\u20ac\u00a0\u4e00\u3002\n";

    [Fact]
    public void ThirteenAIsItsRegularExpressions()
    {
        var tokenizer = new Tokenizer13a();
        foreach (var line in RandomLines(3000)) Assert.Equal(Words(By13a(line)), Words(tokenizer.Spread(line).ToString()));
    }

    [Fact]
    public void InternationalIsItsRegularExpressions()
    {
        var tokenizer = new TokenizerInternational();
        foreach (var line in RandomLines(3000)) Assert.Equal(Words(ByIntl(line)), Words(tokenizer.Spread(line).ToString()));
    }

    [Theory]
    [InlineData("Say \"yes\", it's 1,000.50-ish (5-3).", "Say \" yes \" , it's 1,000.50 - ish ( 5 - 3 ) .")]
    [InlineData("A &amp;lt; b &quot;c&quot; <skipped>d", "A < b \" c \" d")]
    [InlineData("wait... no,no 3.", "wait . . . no , no 3 .")]
    public void ThirteenAOnSentences(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', Words(new Tokenizer13a().Spread(line).ToString())));

    [Theory]
    [InlineData("\u201eJa\u201c, sagt er \u2013 10,5 \u20ac am 3.", "\u201e Ja \u201c , sagt er \u2013 10,5 \u20ac am 3.")]
    [InlineData("smile\U0001f600now \U0001f600!", "smile \U0001f600 now \U0001f600 !")] // beyond the first plane
    public void InternationalOnSentences(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', Words(new TokenizerInternational().Spread(line).ToString())));

    private static IEnumerable<string> RandomLines(int count)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            var line = new StringBuilder();
            for (var length = random.Next(40); length > 0; length--) line.Append(Alphabet[random.Next(Alphabet.Length)]);
            yield return line.Append(i % 5 == 0 ? "&lt;-\n&amp;quot;" : "").ToString();
        }
    }

    private static string By13a(string line)
    {
        line = line.Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' ');
        line = line.Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">");
        line = Symbols().Replace($" {line} ", " $1 ");
        line = StopBehindOther().Replace(line, "$1 $2 ");
        line = StopBeforeOther().Replace(line, " $1 $2");
        return HyphenBehindDigit().Replace(line, "$1 $2 ");
    }

    private static string ByIntl(string line)
    {
        line = PunctuationBehindOther().Replace(line, "$1 $2 ");
        line = PunctuationBeforeOther().Replace(line, " $1 $2");
        return UnicodeSymbol().Replace(line, " $1 ");
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"([\{-\~\[-\` -\&\(-\+\:-\@\/])")] private static partial Regex Symbols();
    [GeneratedRegex(@"([^0-9])([\.,])")] private static partial Regex StopBehindOther();
    [GeneratedRegex(@"([\.,])([^0-9])")] private static partial Regex StopBeforeOther();
    [GeneratedRegex(@"([0-9])(-)")] private static partial Regex HyphenBehindDigit();
    [GeneratedRegex(@"(\P{N})(\p{P})")] private static partial Regex PunctuationBehindOther();
    [GeneratedRegex(@"(\p{P})(\P{N})")] private static partial Regex PunctuationBeforeOther();
    [GeneratedRegex(@"(\p{S})")] private static partial Regex UnicodeSymbol();
}
