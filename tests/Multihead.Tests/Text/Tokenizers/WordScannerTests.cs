using System.Text;
using System.Text.RegularExpressions;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

public class WordScannerTests
{
    internal static readonly Regex Gpt2Pattern = new(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);

    [Fact]
    public void CutsAsTheRegexDoes()
    {
        var random = new Random(1);
        for (var i = 0; i < TestScale.Rounds(20_000); i++)
        {
            var text = RandomText.Next(random, 30);
            Assert.Equal(Reference(text), Words(text));
        }
    }

    [Fact]
    public void ClassifiesEveryBmpCharacterAsTheRegexDoes()
    {
        // A character between two letters, then two spaces: its neighbours tell its class.
        for (var c = 1; c <= char.MaxValue; c++)
        {
            if (char.IsSurrogate((char)c)) continue;
            var text = $"a{(char)c}1{(char)c}{(char)c}! {(char)c}";
            Assert.Equal(Gpt2Pattern.Matches(text).Select(m => m.Value), Words(text));
        }
    }

    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("I'll don't 'S ''s", "I|'ll| don|'t| '|S| ''|s")]
    [InlineData("a  b\n\n c \n", "a| | b|\n\n| c| \n")]
    [InlineData("a\tb\n1", "a|\t|b|\n|1")]
    [InlineData("x=42.5!", "x|=|42|.|5|!")]
    [InlineData("𝒜b 𝟘1", "𝒜b| 𝟘1")]
    public void CutsTheseAs(string text, string words) => Assert.Equal(words.Split('|'), Words(text));

    /// <summary>As U+FFFD is, which they are encoded as. (An attribute cannot carry them.)</summary>
    [Fact]
    public void LoneSurrogatesAreSymbols()
    {
        Assert.Equal(["a", "\uD800", "b", "\uDC00"], Words("a\uD800b\uDC00"));
        Assert.Equal(["a", "\uD800\uD800!", "\u00A0", "\uDC00"], Words("a\uD800\uD800!\u00A0\uDC00"));
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = WordScanner.End(text, start);
            words.Add(text[start..end]);
        }
        return words;
    }

    /// <summary>.NET's regex sees UTF-16 units: each astral character is put as a BMP character of its kind first.</summary>
    private static List<string> Reference(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var mapped = string.Concat(runes.Select(rune => rune.IsBmp ? (char)rune.Value
            : Rune.IsLetter(rune) ? 'é' : Rune.IsNumber(rune) ? '²' : '§'));
        return [.. Gpt2Pattern.Matches(mapped).Select(m => string.Concat(runes.Skip(m.Index).Take(m.Length)))];
    }
}
