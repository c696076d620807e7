using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>The words of a corpus as the tokens they consist of so far, merged in place, with the pairs counted along.</summary>
internal sealed class WordTokens
{
    private readonly List<int[]> _tokens = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _counts = [];
    private readonly PairCounts _pairs;

    /// <param name="words">The words and how often each was seen.</param>
    /// <param name="byteIds">[256] the token of each byte.</param>
    /// <param name="pairs">Empty; counts the pairs of these words from now on.</param>
    public WordTokens(Dictionary<string, long> words, int[] byteIds, PairCounts pairs)
    {
        _pairs = pairs;
        foreach (var (word, count) in words)
        {
            var tokens = Array.ConvertAll(Encoding.UTF8.GetBytes(word), value => byteIds[value]);
            for (var i = 0; i + 1 < tokens.Length; i++) pairs.Add(tokens[i], tokens[i + 1], count, _tokens.Count);
            _tokens.Add(tokens);
            _lengths.Add(tokens.Length);
            _counts.Add(count);
        }
    }

    /// <summary>Replaces the pair by <paramref name="result"/> in these words, from the left.</summary>
    public void Merge(IReadOnlyList<int> words, int left, int right, int result)
    {
        foreach (var word in words) _lengths[word] = Merge(word, left, right, result);
        _pairs.Remove(left, right);
    }

    /// <summary>Returns the word's new length. Only the pairs at either side of the new token change.</summary>
    private int Merge(int word, int left, int right, int result)
    {
        var tokens = _tokens[word].AsSpan(0, _lengths[word]);
        var count = _counts[word];
        var write = 0;
        for (var read = 0; read < tokens.Length;)
        {
            if (tokens[read] != left || read + 1 == tokens.Length || tokens[read + 1] != right)
            {
                tokens[write++] = tokens[read++];
                continue;
            }
            if (write > 0)
            {
                _pairs.Subtract(tokens[write - 1], left, count);
                _pairs.Add(tokens[write - 1], result, count, word);
            }
            if (read + 2 < tokens.Length)
            {
                _pairs.Subtract(right, tokens[read + 2], count);
                _pairs.Add(result, tokens[read + 2], count, word);
            }
            tokens[write++] = result;
            read += 2;
        }
        return write;
    }
}
