namespace Multihead.Text.Metrics;

/// <summary>What chrF counts of one n-gram order.</summary>
internal struct ChrFCount
{
    public long Hypothesis, Reference, Matches;
}

/// <summary>Adds up, segment by segment, what chrF is computed from.</summary>
internal sealed class ChrFCounts(ChrFOptions options)
{
    private readonly NGramMatcher characters = new(options.CharacterOrder), words = new(options.WordOrder);
    private readonly long[] matches = new long[options.CharacterOrder + options.WordOrder];
    private readonly ChrFCount[] one = new ChrFCount[options.CharacterOrder + options.WordOrder];
    private readonly ChrFCount[] best = new ChrFCount[options.CharacterOrder + options.WordOrder];
    private readonly TokenIds ids = new();

    /// <summary>[character orders, then word orders].</summary>
    public ChrFCount[] Totals { get; } = new ChrFCount[options.CharacterOrder + options.WordOrder];

    /// <summary>Adds the counts against the reference that gives this segment the highest score, the first of equals.</summary>
    public void Add(string hypothesis, List<string> references)
    {
        if (options.LowerCase) hypothesis = LowerCase.Of(hypothesis);
        var length = (Characters: SetHypothesis(characters, ids.Characters(hypothesis, options.WhiteSpace)),
            Words: options.WordOrder == 0 ? 0 : SetHypothesis(words, ids.WordsAndMarks(hypothesis)));
        var highest = double.NegativeInfinity;
        foreach (var line in references)
        {
            var reference = options.LowerCase ? LowerCase.Of(line) : line;
            Count(characters, length.Characters, ids.Characters(reference, options.WhiteSpace), 0, options.CharacterOrder);
            if (options.WordOrder > 0)
                Count(words, length.Words, ids.WordsAndMarks(reference), options.CharacterOrder, options.WordOrder);
            var score = references.Count == 1 ? 0 : ChrFFormula.Score(one, options);
            if (score <= highest) continue;
            highest = score;
            one.CopyTo(best, 0);
        }
        for (var i = 0; i < Totals.Length; i++)
        {
            Totals[i].Hypothesis += best[i].Hypothesis;
            Totals[i].Reference += best[i].Reference;
            Totals[i].Matches += best[i].Matches;
        }
    }

    private static int SetHypothesis(NGramMatcher matcher, ReadOnlySpan<int> tokens)
    {
        matcher.SetHypothesis(tokens);
        return tokens.Length;
    }

    /// <summary>Puts the counts of one reference into <see cref="one"/>, from index <paramref name="first"/> on.</summary>
    private void Count(NGramMatcher matcher, int hypothesisLength, ReadOnlySpan<int> reference, int first, int orders)
    {
        matches.AsSpan(first, orders).Clear();
        matcher.ForgetReferences();
        matcher.AddReference(reference, matches.AsSpan(first, orders));
        for (var n = 1; n <= orders; n++)
        {
            var inReference = NGramMatcher.Count(reference.Length, n);
            one[first + n - 1] = new ChrFCount
            {
                // an order that the reference is too short for counts for neither
                Hypothesis = inReference == 0 ? 0 : NGramMatcher.Count(hypothesisLength, n),
                Reference = inReference,
                Matches = matches[first + n - 1],
            };
        }
    }
}
