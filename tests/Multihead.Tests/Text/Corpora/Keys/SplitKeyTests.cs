using System.Globalization;
using System.Text;
using Multihead.Tests.Text.Tokenizers;
using Multihead.Text.Corpora.Keys;

namespace Multihead.Tests.Text.Corpora.Keys;

public class SplitKeyTests
{
    [Theory]
    [InlineData("File not found.", "file not found")]
    [InlineData("FILE  not—found!", "file not found")]
    [InlineData("Line 12, column 7: error", "line column error")]
    [InlineData("{0} of {1} files", "of files")]
    [InlineData("{0,-8:N2} of {total} files", "of files")]
    [InlineData("%1$s of %d files", "of files")]
    [InlineData("$(OutDir) or %TEMP% is missing", "or is missing")]
    [InlineData("The type 'System.Int32' is missing", "the type is missing")]
    [InlineData("The type “Foo” is missing", "the type is missing")]
    [InlineData("Der Typ „Foo“ fehlt", "der typ fehlt")]
    [InlineData("Le type « Foo » manque", "le type manque")]
    [InlineData("型「Foo」がありません", "型 がありません")]
    [InlineData("Don't ask, it's John's", "don t ask it s john s")] // apostrophes quote nothing
    [InlineData("Can't open 'x', can't close", "can t open can t close")]
    [InlineData("'Foo'", "foo")] // nothing else: the quoted words are the message
    [InlineData("'Foo' {0}", "foo")]
    [InlineData("100%ig sicher", "ig sicher")] // a percentage, no placeholder
    [InlineData("100% sure", "sure")]
    [InlineData("{ not a placeholder", "not a placeholder")]
    [InlineData("a {} b", "a b")]
    [InlineData("x=1;y=2", "x y")]
    [InlineData("GRÖSSE größe", "grösse größe")]
    [InlineData("İstanbul ISPARTA ırmak iğne", "istanbul isparta irmak iğne")]
    [InlineData("12345", "")]
    [InlineData("{0}: {1}", "")]
    [InlineData("", "")]
    [InlineData(" \t\n", "")]
    public void FoldsAs(string text, string key) => Assert.Equal(key, SplitKey.Of(text));

    [Fact]
    public void OnlyTheWordsAreLeftOfAMessage()
    {
        var random = new Random(1);
        for (var i = 0; i < TestScale.Rounds(20_000); i++)
        {
            var words = RandomMessage.Some(random, 6);
            var text = RandomMessage.Dressed(random, words);
            Assert.True(SplitKey.Of(text) == string.Join(' ', words), $"'{text}' has the key '{SplitKey.Of(text)}'");
        }
    }

    [Fact]
    public void AKeyIsItsOwnKeyAndLowerCaseLettersWithSingleSpaces()
    {
        var random = new Random(2);
        for (var i = 0; i < TestScale.Rounds(20_000); i++)
        {
            var text = RandomText.Next(random, 12);
            if (i % 3 == 0 && text.Length > 0) text = text.Insert(random.Next(text.Length), "\uD800"); // half a character
            var key = SplitKey.Of(text);
            Assert.Equal(key, SplitKey.Of(key));
            Assert.False(key.StartsWith(' ') || key.EndsWith(' ') || key.Contains("  ", StringComparison.Ordinal), $"'{key}'");
            Assert.All(key.EnumerateRunes(), rune =>
                Assert.True(rune.Value == ' ' || IsLetterOrMark(rune) && Rune.ToLowerInvariant(rune) == rune, $"{rune}"));
        }
    }

    [Fact]
    public void OtherDigitsMakeTheSameKey()
    {
        var random = new Random(3);
        for (var i = 0; i < TestScale.Rounds(5_000); i++)
        {
            var text = RandomText.Next(random, 12);
            var other = string.Concat(text.Select(c => char.IsAsciiDigit(c) ? (char)('0' + random.Next(10)) : c));
            Assert.Equal(SplitKey.Of(text), SplitKey.Of(other));
        }
    }

    private static bool IsLetterOrMark(Rune rune) => Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
