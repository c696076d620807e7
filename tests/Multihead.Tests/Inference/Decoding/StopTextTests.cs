using System.Text;
using Multihead.Inference.Decoding;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Inference.Decoding;

public class StopTextTests
{
    // Nothing is merged: every byte is a token.
    private static readonly Tokenizer Bytes = BytePairLearner.Learn([], new BytePairOptions { VocabularySize = 259 });

    [Fact]
    public void WhatMayBecomeAStopStringIsHeldBackAndComesWhenItDoesNot()
    {
        var text = new StopText(Bytes, ["END", "\n\n"]);
        Assert.Equal(["a", "", "", "ENx", "", "\ny"], Bytes.Encode("aENx\ny").Select(text.Add));
        Assert.Equal("", text.Add(Bytes.Encode("E")[0]));
        Assert.Equal("E", text.Finish());
        Assert.False(text.IsStopped);
    }

    [Fact]
    public void NothingFollowsAStopString()
    {
        var text = new StopText(Bytes, ["€"]);
        Assert.Equal(["a", "", "", "", ""], Bytes.Encode("a€b").Select(text.Add));
        Assert.True(text.IsStopped);
        Assert.Equal("", text.Finish());
    }

    [Fact]
    public void AFalseStartInsideAStopStringIsSeen()
    {
        var text = new StopText(Bytes, ["aab"]);
        Assert.Equal(["", "", "a", ""], Bytes.Encode("aaab").Select(text.Add));
        Assert.True(text.IsStopped);
    }

    [Fact]
    public void ThePiecesJoinedAreTheTextBeforeTheStopThatIsWholeFirst()
    {
        var random = new Random(1);
        var learned = BytePairLearner.Learn(Enumerable.Repeat("aab ab abba ß€ßaß", 3),
            new BytePairOptions { VocabularySize = 270 });
        foreach (var tokenizer in new[] { Bytes, learned })
            for (var round = 0; round < TestScale.Rounds(3_000); round++)
            {
                var stops = Enumerable.Range(0, random.Next(4)).Select(_ => RandomText(random, 1 + random.Next(4))).ToArray();
                var ids = tokenizer.Encode(RandomText(random, random.Next(15)));
                var (text, joined) = (new StopText(tokenizer, stops), new StringBuilder());
                foreach (var id in ids) joined.Append(text.Add(id));
                joined.Append(text.Finish());
                var (expected, stopped) = Plain(tokenizer, ids, stops);
                Assert.Equal((expected, stopped), (joined.ToString(), text.IsStopped));
            }
    }

    // Decodes all tokens so far anew after each.
    private static (string Text, bool Stopped) Plain(Tokenizer tokenizer, int[] ids, string[] stops)
    {
        for (var count = 1; count <= ids.Length; count++)
        {
            var text = tokenizer.Decode(ids[..count]);
            var found = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).ToArray();
            if (found.Length > 0) return (text[..found.Min()], true);
        }
        return (tokenizer.Decode(ids), false);
    }

    private static string RandomText(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => new[] { "a", "b", "ß", "€", " " }[random.Next(5)]));
}
