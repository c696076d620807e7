using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>The trie against counting n-grams as strings.</summary>
public class NGramMatcherTests
{
    [Fact]
    public void CountsAsPlainDictionariesDo()
    {
        var random = new Random(1);
        var matcher = new NGramMatcher(4);
        for (var round = 0; round < 400; round++)
        {
            var tokens = round % 3 == 0 ? 2 : 50;
            int[] Line(int longest) => [.. Enumerable.Range(0, random.Next(longest)).Select(_ => random.Next(tokens))];
            var hypothesis = Line(round == 7 ? 3000 : 30); // one line that makes the table grow, then short ones again
            var references = Enumerable.Range(0, 1 + round % 3).Select(_ => Line(40)).ToArray();

            var matches = new long[4];
            matcher.SetHypothesis(hypothesis);
            foreach (var reference in references) matcher.AddReference(reference, matches);
            Assert.Equal(Reference(hypothesis, references), matches);

            Array.Clear(matches);
            matcher.ForgetReferences();
            matcher.AddReference(references[^1], matches);
            Assert.Equal(Reference(hypothesis, [references[^1]]), matches);
        }
    }

    private static long[] Reference(int[] hypothesis, int[][] references)
    {
        var matches = new long[4];
        for (var n = 1; n <= 4; n++)
        {
            var counts = references.Select(reference => Counts(reference, n)).ToArray();
            foreach (var (gram, count) in Counts(hypothesis, n))
                matches[n - 1] += Math.Min(count, counts.Max(reference => reference.GetValueOrDefault(gram)));
        }
        return matches;
    }

    private static Dictionary<string, int> Counts(int[] tokens, int n)
    {
        var counts = new Dictionary<string, int>();
        for (var start = 0; start + n <= tokens.Length; start++)
        {
            var gram = string.Join(' ', tokens[start..(start + n)]);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }
        return counts;
    }
}
