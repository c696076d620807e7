using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

public class TokenizerTests
{
    private static readonly Tokenizer Learned = BytePairLearner.Learn(
        RandomText.Lines(new Random(1), 500, 600), new() { VocabularySize = 900 });

    [Fact]
    public void IsLosslessForEveryWellFormedString()
    {
        var random = new Random(2);
        for (var i = 0; i < TestScale.Rounds(10_000); i++)
        {
            var text = RandomText.Next(random, 40);
            Assert.Equal(text, Learned.Decode(Learned.Encode(text)));
        }
        var all = new StringBuilder();
        for (var value = 0; value < 0x110000; value++)
            if (Rune.IsValid(value)) all.Append(new Rune(value).ToString());
        Assert.Equal(all.ToString(), Learned.Decode(Learned.Encode(all.ToString())));
        Assert.Empty(Learned.Encode(""));
        Assert.Equal("", Learned.Decode([]));
    }

    [Fact]
    public void LoneSurrogatesBecomeReplacementCharacters()
    {
        AssertDecoded("\uD800", "\uFFFD");
        AssertDecoded("a\uDC00b\uD83D", "a\uFFFDb\uFFFD");
        AssertDecoded("\uD800\uD83D\uDE00 \uDC00\uDC00", "\uFFFD😀 \uFFFD\uFFFD");
    }

    private static void AssertDecoded(string text, string decoded)
    {
        Assert.Equal(decoded, Learned.Decode(Learned.Encode(text)));
        Assert.Equal(Learned.Encode(decoded), Learned.Encode(text));
        var longText = string.Concat(Enumerable.Repeat(text, 100));
        Assert.Equal(Learned.Encode(string.Concat(Enumerable.Repeat(decoded, 100))), Learned.Encode(longText));
    }

    [Fact]
    public void SpecialTokensInTextArePlainText()
    {
        var ids = Learned.Encode("a </s> b<pad><unk>");
        Assert.All(ids, id => Assert.True(id >= 3));
        Assert.Equal("a </s> b<pad><unk>", Learned.Decode(ids));
    }

    [Fact]
    public void DecodingPassesOverSpecialTokensAndMendsBrokenUtf8()
    {
        var ids = Learned.Encode("日");
        Assert.Equal(3, ids.Length);
        Assert.Equal("日", Learned.Decode([2, .. ids, 0, 0, 1]));
        Assert.Equal("\uFFFD日\uFFFD", Learned.Decode([ids[1], .. ids, ids[0]]));
    }

    [Fact]
    public void IdsOutsideTheVocabularyAreRefused()
    {
        foreach (var id in (int[])[-1, Learned.VocabularySize, int.MaxValue, int.MinValue])
        {
            Assert.Contains("0 to 899", Assert.Throws<MultiheadException>(() => Learned.Decode([5, id])).Message);
            Assert.Throws<MultiheadException>(() => Learned.IdToToken(id));
        }
    }

    [Fact]
    public void SpellingsAndIdsAreInverse()
    {
        for (var id = 0; id < Learned.VocabularySize; id++) Assert.Equal(id, Learned.TokenToId(Learned.IdToToken(id)));
        Assert.Null(Learned.TokenToId("no such token"));
        Assert.NotNull(Learned.TokenToId("Ġ"));
        Assert.Null(Learned.TokenToId(" "));
    }

    [Fact]
    public void EncodingAppendsAndAllocatesLittle()
    {
        var text = string.Join(' ', RandomText.Lines(new Random(3), 100, 200));
        var ids = new List<int> { 7 };
        Learned.Encode(text, ids);
        Assert.Equal([7, .. Learned.Encode(text)], ids);
        for (var i = 0; i < 50; i++)
        {
            ids.Clear();
            Learned.Encode(text, ids);
        }
        ids.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Learned.Encode(text, ids);
        // All words are in the cache but those few that fight for one slot of it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact]
    public void ManyThreadsGetWhatOneGets()
    {
        var random = new Random(4);
        var texts = Enumerable.Range(0, 400).Select(_ => RandomText.Next(random, 60)).ToArray();
        var expected = texts.Select(Fresh().Encode).ToArray();
        var shared = Fresh();
        Parallel.For(0, 8, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, thread =>
        {
            for (var i = 0; i < 1200; i++)
            {
                var at = (i * (2 * thread + 1)) % texts.Length;
                Assert.Equal(expected[at], shared.Encode(texts[at]));
                Assert.Equal(texts[at], shared.Decode(expected[at]));
            }
        });

        static Tokenizer Fresh() => new(Learned.Vocabulary, Learned.Model, new TextEnds(null, null));
    }
}
