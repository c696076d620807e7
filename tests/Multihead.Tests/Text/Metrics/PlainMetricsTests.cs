using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>Both metrics, under every combination of options, against their definitions on random lines.</summary>
public class PlainMetricsTests
{
    [Fact]
    public void BleuIsItsDefinition()
    {
        var random = new Random(1);
        for (var round = 0; round < TestScale.Rounds(2_000); round++)
        {
            var smoothing = (BleuSmoothing)random.Next(4);
            var options = new BleuOptions
            {
                Tokenization = BleuTokenization.None,
                Smoothing = smoothing,
                SmoothingValue = smoothing is BleuSmoothing.Floor or BleuSmoothing.AddK && random.Next(2) == 0
                    ? random.Next(3) / 2.0
                    : null,
                EffectiveOrder = random.Next(2) == 0,
                Order = random.Next(1, 6),
            };
            var (hypotheses, references) = Lines(random, ["a", "b", "c", "d"]);
            var expected = PlainMetrics.Bleu(hypotheses, references, options);
            Assert.Equal(expected, Bleu.Corpus(hypotheses, references, options).Score, 1e-9); // the last bits of exp and log
        }
    }

    [Fact]
    public void ChrFIsItsDefinition()
    {
        var random = new Random(2);
        for (var round = 0; round < TestScale.Rounds(2_000); round++)
        {
            var options = new ChrFOptions
            {
                CharacterOrder = random.Next(1, 7),
                WordOrder = random.Next(3),
                Beta = random.Next(1, 4),
                WhiteSpace = random.Next(2) == 0,
                EpsilonSmoothing = random.Next(2) == 0,
            };
            var (hypotheses, references) = Lines(random, ["a", "ab", "ba", "日本", "𝒜b", "e\u0301"]);
            var expected = PlainMetrics.ChrF(hypotheses, references, options);
            Assert.Equal(expected, ChrF.Corpus(hypotheses, references, options).Score, 1e-9); // sums in another order
        }
    }

    /// <summary>A few hypotheses, some of them empty or short, and one to three references of each.</summary>
    private static (string[] Hypotheses, string[][] References) Lines(Random random, string[] words)
    {
        var count = random.Next(1, 5);
        string[] Some(int least) =>
            [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', random.GetItems(words, random.Next(least, 8))))];
        return (Some(0), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Some(1))]);
    }
}
