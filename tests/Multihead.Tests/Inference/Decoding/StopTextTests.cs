using Multihead.Inference.Decoding;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Inference.Decoding;

/// <summary>Pieces joined are the text before the first stop text, whatever the tokens, and no more is held back than must be.</summary>
public class StopTextTests
{
    // Bytes alone, so that every character but ASCII is spread over tokens.
    private static readonly Tokenizer Bytes = BytePairLearner.Learn(["a"], new BytePairOptions { VocabularySize = 259 });

    [Theory]
    [InlineData("one two three", "two", "one ")]
    [InlineData("one two three", "four", "one two three")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("süß und sauer", "ß u", "sü")]
    [InlineData("ab\nab\n\nend", "\n\n", "ab\nab")]
    [InlineData("halt", "halten", "halt")]
    public void TheTextEndsBeforeTheFirstStop(string text, string stop, string expected)
    {
        var stream = new StopText(Bytes, [stop, "never"]);
        var written = "";
        foreach (var token in Bytes.Encode(text))
        {
            if (stream.Stopped) break;
            written += stream.Add(token);
            Assert.StartsWith(written, expected, StringComparison.Ordinal);
        }
        written += stream.Finish();
        Assert.Equal((expected, text.Contains(stop, StringComparison.Ordinal)), (written, stream.Stopped));
    }

    [Fact]
    public void OnlyWhatMayBecomeAStopIsHeldBack()
    {
        var stream = new StopText(Bytes, ["xyz"]);
        string[] pieces = [.. Bytes.Encode("axbxyc").Select(stream.Add)];
        Assert.Equal(["a", "", "xb", "", "", "xyc"], pieces);
    }

    [Fact]
    public void WithoutStopsNothingIsHeldBack()
    {
        var stream = new StopText(Bytes, []);
        Assert.Equal(["a", "b"], Bytes.Encode("ab").Select(stream.Add));
    }
}
