using Multihead.Text.Corpora.Keys;

namespace Multihead.Text.Corpora;

/// <summary>How near a test row is to what was trained on, by shared words; it tells remembering from translating.</summary>
internal static class NearestTraining
{
    /// <summary>For each test source its greatest similarity with any training source: the Jaccard index of their word sets,
    /// 0 for no common word to 1 for the same words. Words are those of the split's keys; a Chinese or Japanese character is a
    /// word.</summary>
    /// <param name="training">Training sources.</param>
    /// <param name="test">Test sources.</param>
    /// <returns>[test], 0 to 1.</returns>
    public static double[] Similarities(IReadOnlyList<string> training, IReadOnlyList<string> test)
    {
        var rowsWith = new Dictionary<string, List<int>>(StringComparer.Ordinal); // by word, the training rows that have it
        var sizes = new int[training.Count];
        for (var row = 0; row < training.Count; row++)
        {
            var words = WordsOf(training[row]);
            sizes[row] = words.Count;
            foreach (var word in words)
            {
                if (!rowsWith.TryGetValue(word, out var rows)) rowsWith.Add(word, rows = []);
                rows.Add(row);
            }
        }

        var similarities = new double[test.Count];
        var shared = new int[training.Count];
        for (var row = 0; row < test.Count; row++)
        {
            var words = WordsOf(test[row]);
            Array.Clear(shared);
            foreach (var word in words)
                foreach (var trainingRow in rowsWith.GetValueOrDefault(word, []))
                    shared[trainingRow]++;
            for (var other = 0; other < shared.Length; other++)
                if (shared[other] > 0)
                    similarities[row] = Math.Max(similarities[row],
                        shared[other] / (double)(words.Count + sizes[other] - shared[other]));
        }
        return similarities;
    }

    /// <summary>The half of the rows with the least similarity, the larger half of an odd number; of equal ones the first.
    /// </summary>
    /// <returns>Their indices, ascending.</returns>
    public static int[] FarHalf(IReadOnlyList<double> similarities) =>
        [.. Enumerable.Range(0, similarities.Count).OrderBy(row => similarities[row]).Take((similarities.Count + 1) / 2).Order()];

    private static HashSet<string> WordsOf(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var rest = SplitKey.Of(text).AsSpan(); Words.TryTake(ref rest, out var word);) words.Add(word.ToString());
        return words;
    }
}
