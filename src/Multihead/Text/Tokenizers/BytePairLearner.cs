using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Learns byte-level BPE from text: of all neighbouring tokens inside words the most frequent pair becomes a token,
/// and so on (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909). Of equally frequent pairs the one with the smaller
/// left id, then right id comes first, so that the same text gives the same tokens in any order of its lines.</summary>
public static class BytePairLearner
{
    /// <summary>Learns from texts, which are read once. Ids: the special tokens, the 256 bytes in the order of GPT-2, then
    /// what was merged, in order. No merge spells a special token.</summary>
    /// <exception cref="MultiheadException">The options cannot be met; says how large the vocabulary can be.</exception>
    public static Tokenizer Learn(IEnumerable<string> texts, BytePairOptions options) => Learn(texts, options, null);

    /// <summary>As the other, telling now and then how many tokens there are.</summary>
    internal static Tokenizer Learn(IEnumerable<string> texts, BytePairOptions options, IProgress<int>? progress)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        Check(options);

        var tokens = new List<string>(options.SpecialTokens);
        var byteIds = new int[256];
        foreach (var value in ByteAlphabet.InSymbolOrder())
        {
            byteIds[value] = tokens.Count;
            tokens.Add(ByteAlphabet.Symbol(value).ToString());
        }
        var merges = LearnMerges(WordCounter.Count(texts), byteIds, tokens, options, progress);
        var added = options.SpecialTokens.Select((token, id) => new AddedToken(id, token, Special: true)).ToArray();
        return new Tokenizer(
            new Vocabulary(tokens, tokens.Count, added),
            new BytePairModel(byteIds, new MergeTable(merges)),
            TextEnds.Among(added) with { AddsEnd = options.SpecialTokens.Contains(Tokenizer.EndOfSentence) });
    }

    /// <summary>Appends to <paramref name="tokens"/> up to the size asked for.</summary>
    private static List<Merge> LearnMerges(
        Dictionary<string, long> words, int[] byteIds, List<string> tokens, BytePairOptions options, IProgress<int>? progress)
    {
        var pairs = new PairCounts(options.MinimumFrequency);
        var corpus = new WordTokens(words, byteIds, pairs);
        var merges = new List<Merge>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++) ids.Add(tokens[id], id);
        while (tokens.Count < options.VocabularySize)
        {
            if (!pairs.TryTake(out var left, out var right, out var where)) throw TooLarge(options, tokens.Count);
            var token = tokens[left] + tokens[right];
            if (!ids.TryGetValue(token, out var id))
            {
                id = tokens.Count;
                ids.Add(token, id);
                tokens.Add(token);
            }
            else if (id < options.SpecialTokens.Count)
            {
                continue;
            }
            merges.Add(new Merge(left, right, id));
            corpus.Merge(where, left, right, id);
            if (merges.Count % 64 == 0) progress?.Report(tokens.Count);
        }
        return merges;
    }

    private static void Check(BytePairOptions options)
    {
        var least = options.SpecialTokens.Count + 256;
        if (options.VocabularySize < least)
            throw new MultiheadException($"A vocabulary of {options.VocabularySize} tokens is too small: the 256 bytes and "
                + $"{options.SpecialTokens.Count} special tokens alone need {least}; ask for more.");
        if (options.MinimumFrequency < 1)
            throw new MultiheadException($"A minimum frequency of {options.MinimumFrequency} was given; it must be 1 or more.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in options.SpecialTokens)
        {
            if (token.Length == 0 || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(token)) != token)
                throw new MultiheadException("A special token is empty or not well-formed Unicode; give it some proper text.");
            if (token.Length == 1 && ByteAlphabet.Byte(token[0]) >= 0)
                throw new MultiheadException($"The special token '{token}' is the spelling of a byte; use a longer one, "
                    + "such as '<2de>'.");
            if (!seen.Add(token))
                throw new MultiheadException($"The special token '{token}' is given twice; give each once.");
        }
    }

    private static MultiheadException TooLarge(BytePairOptions options, int largest) => new(
        $"A vocabulary of {options.VocabularySize} tokens was asked for, but this text gives {largest} at most (of pairs seen at "
        + $"least {options.MinimumFrequency} times); ask for {largest} or fewer, or give more text.");
}
