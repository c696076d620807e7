namespace Multihead.Text.Corpora;

/// <summary>How near a text is to what was learned: the largest share of words (Jaccard: common words over all words) with any
/// training source.</summary>
public static class NearestTraining
{
    /// <summary>The similarity of each text, 0 (no common word) to 1 (the same words).</summary>
    public static double[] Similarities(IReadOnlyList<SentencePair> train, IReadOnlyList<SentencePair> texts)
    {
        Dictionary<string, List<int>> rowsOfWord = [];
        var sizes = new int[train.Count];
        for (var row = 0; row < train.Count; row++)
        {
            var words = WordsOf(train[row].Source);
            sizes[row] = words.Count;
            foreach (var word in words)
            {
                if (!rowsOfWord.TryGetValue(word, out var rows)) rowsOfWord[word] = rows = [];
                rows.Add(row);
            }
        }
        var common = new int[train.Count];
        return [.. texts.Select(text => Nearest(WordsOf(text.Source), rowsOfWord, sizes, common))];
    }

    /// <summary>The indexes, in order, of the half of the texts that is farthest from training; of equals, the first.</summary>
    public static int[] FarHalf(IReadOnlyList<SentencePair> train, IReadOnlyList<SentencePair> texts)
    {
        var similarity = Similarities(train, texts);
        return [.. Enumerable.Range(0, texts.Count).OrderBy(i => similarity[i]).Take((texts.Count + 1) / 2).Order()];
    }

    private static double Nearest(HashSet<string> words, Dictionary<string, List<int>> rowsOfWord, int[] sizes, int[] common)
    {
        List<int> touched = [];
        foreach (var word in words)
        {
            if (!rowsOfWord.TryGetValue(word, out var rows)) continue;
            foreach (var row in rows)
                if (common[row]++ == 0) touched.Add(row);
        }
        var best = 0.0;
        foreach (var row in touched)
        {
            best = Math.Max(best, (double)common[row] / (sizes[row] + words.Count - common[row]));
            common[row] = 0;
        }
        return best;
    }

    // Words are runs of letters and digits; where a script has no spaces, its characters are the words.
    private static HashSet<string> WordsOf(string text)
    {
        HashSet<string> words = [];
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && text[i] >= '\u3040' && text[i] <= '\u9FFF')
            {
                words.Add(text[i].ToString());
                inside = false;
            }
            if (inside && start < 0) start = i;
            if (inside || start < 0) continue;
            words.Add(text[start..i].ToLowerInvariant());
            start = -1;
        }
        return words;
    }
}
