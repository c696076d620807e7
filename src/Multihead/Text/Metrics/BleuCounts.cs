namespace Multihead.Text.Metrics;

/// <summary>Adds up, segment by segment, what BLEU is computed from.</summary>
internal sealed class BleuCounts(BleuOptions options)
{
    private readonly NGramMatcher matcher = new(options.Order);
    private readonly TokenIds ids = new();
    private readonly IBleuTokenizer? tokenizer = options.Tokenization switch
    {
        BleuTokenization.V13a => new Tokenizer13a(),
        BleuTokenization.International => new TokenizerInternational(),
        BleuTokenization.Character or BleuTokenization.None => null,
        var other => throw new MultiheadException($"There is no BLEU tokenisation numbered {(int)other}; use a named one."),
    };

    /// <summary>[order]: matched n-grams, clipped at the most that one reference of the segment holds.</summary>
    public long[] Matches { get; } = new long[options.Order];

    /// <summary>[order]: n-grams of the hypotheses.</summary>
    public long[] Totals { get; } = new long[options.Order];

    /// <summary>Tokens of the hypotheses.</summary>
    public long HypothesisLength { get; private set; }

    /// <summary>Tokens of the references, of each segment the one closest in length, the shorter of two as close.</summary>
    public long ReferenceLength { get; private set; }

    public void Add(string hypothesis, List<string> references)
    {
        var tokens = Tokens(hypothesis);
        var length = tokens.Length;
        matcher.SetHypothesis(tokens);
        HypothesisLength += length;
        for (var n = 1; n <= options.Order; n++) Totals[n - 1] += NGramMatcher.Count(length, n);

        var closest = int.MaxValue;
        foreach (var reference in references)
        {
            tokens = Tokens(reference);
            matcher.AddReference(tokens, Matches);
            var (distance, best) = (Math.Abs(tokens.Length - length), Math.Abs(closest - length));
            if (distance < best || distance == best && tokens.Length < closest) closest = tokens.Length;
        }
        ReferenceLength += closest;
    }

    private ReadOnlySpan<int> Tokens(string segment)
    {
        if (options.LowerCase) segment = LowerCase.Of(segment);
        if (options.Tokenization == BleuTokenization.Character) return ids.Characters(segment, whiteSpace: false);
        var line = WhiteSpace.TrimEnd(segment);
        return ids.Words(tokenizer is null ? line : tokenizer.Spread(line));
    }
}
