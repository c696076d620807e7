using Multihead.Training.Batches;

namespace Multihead.Tests.Training;

/// <summary>Made-up translation: random words, and what a rule makes of them.</summary>
internal static class SequenceTask
{
    /// <summary>Pairs of random words and their targets; a function of the seed.</summary>
    /// <param name="vocabulary">Token numbers below this; the first two are marks.</param>
    /// <param name="count">Pairs.</param>
    /// <param name="seed">Decides the words.</param>
    /// <param name="rule">From a source to its target.</param>
    /// <param name="longest">Words of the longest source.</param>
    public static List<(int[] Source, int[] Target)> Pairs(int vocabulary, int count, int seed, Func<int[], int[]> rule,
        int longest = 8)
    {
        var random = new Random(seed);
        List<(int[], int[])> pairs = [];
        for (var i = 0; i < count; i++)
        {
            var source = new int[random.Next(1, longest + 1)];
            for (var k = 0; k < source.Length; k++) source[k] = random.Next(TinyModel.FirstWord, vocabulary);
            pairs.Add((source, rule(source)));
        }
        return pairs;
    }

    public static int[] Copy(int[] words) => words;

    public static int[] Reverse(int[] words) => [.. words.AsEnumerable().Reverse()];

    public static EncodedCorpus Corpus(IEnumerable<(int[] Source, int[] Target)> pairs)
    {
        var corpus = new EncodedCorpus();
        foreach (var (source, target) in pairs) corpus.Add(source, target);
        return corpus;
    }
}
