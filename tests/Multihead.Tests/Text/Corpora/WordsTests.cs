using Multihead.Text.Corpora;

namespace Multihead.Tests.Text.Corpora;

public class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\u3000", "")]
    [InlineData("one", "one")]
    [InlineData("  one two\tthree, ", "one|two|three,")]
    [InlineData("日本語", "日|本|語")]
    [InlineData("これはURLです。", "こ|れ|は|URL|で|す|。")]
    [InlineData("x 語y", "x|語|y")]
    [InlineData("한국어 단어", "한국어|단어")] // Korean puts spaces
    [InlineData("𠀀𠀁x", "𠀀|𠀁|x")] // ideographs of plane 2
    [InlineData("𝒜𝒷", "𝒜𝒷")]
    public void AreRunsAndIdeographs(string text, string expected)
    {
        var words = new List<string>();
        for (var rest = text.AsSpan(); Words.TryTake(ref rest, out var word);) words.Add(word.ToString());
        Assert.Equal(expected, string.Join('|', words));
        Assert.Equal(words.Count, Words.Count(text));
    }

    [Fact]
    public void HalfACharacterIsAWordOfItsKind()
    {
        Assert.Equal(2, Words.Count("\uD840x"));
        Assert.Equal(1, Words.Count("\uD840"));
        Assert.Equal(1, Words.Count("x\uDC00y"));
    }
}
