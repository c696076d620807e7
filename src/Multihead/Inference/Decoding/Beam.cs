namespace Multihead.Inference.Decoding;

/// <summary>The search for one source: its live partial outputs and those that are finished.</summary>
internal sealed class Beam(TranslationOptions options, int maxLength)
{
    private readonly List<TokenHypothesis> _finished = [];
    private List<Live> _live = [new Live(null, 0, 0, 0)];

    /// <summary>Live outputs, best first; each owns a slot of the cache.</summary>
    public int LiveCount => _live.Count;

    /// <summary>Whether no live output can become better than what is finished.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The finished outputs, best first.</summary>
    public IReadOnlyList<TokenHypothesis> Best =>
        [.. _finished.OrderByDescending(h => h.Score).Take(options.BestCount)];

    /// <summary>Takes one more token on every live output.</summary>
    /// <param name="ids">[live, k] candidates of each, best first.</param>
    /// <param name="logProbabilities">[live, k].</param>
    /// <param name="k">Candidates a live output; more than the beam size, so that end marks leave enough others.</param>
    /// <param name="endId">The end mark.</param>
    /// <param name="parents">Receives, for each new live output, which old one it continues.</param>
    /// <param name="tokens">Receives the token that each new live output ends with.</param>
    public void Advance(ReadOnlySpan<int> ids, ReadOnlySpan<float> logProbabilities, int k, int endId, List<int> parents,
        List<int> tokens)
    {
        List<Live> next = [];
        var candidates = new List<Candidate>(_live.Count * k);
        for (var i = 0; i < _live.Count * k; i++)
            candidates.Add(new Candidate(_live[i / k].LogProbability + logProbabilities[i], i));
        candidates.Sort();
        for (var rank = 0; rank < candidates.Count && next.Count < options.BeamSize; rank++)
        {
            var (logProbability, index) = candidates[rank];
            var (parent, token) = (index / k, ids[index]);
            var from = _live[parent];
            var predicted = from.Length + 1;
            if (token == endId)
            {
                // An end mark far down the list is not a finished output that the search stands for.
                if (rank < options.BeamSize) Finish(from, logProbability, predicted);
            }
            else if (predicted < maxLength)
            {
                next.Add(new Live(from, token, logProbability, predicted));
                parents.Add(parent);
                tokens.Add(token);
            }
            else Finish(new Live(from, token, logProbability, predicted), logProbability, predicted); // cut at the length limit
        }
        _live = next;
        IsDone = next.Count == 0 || CannotImprove();
    }

    /// <param name="live">The output without its end mark.</param>
    /// <param name="logProbability">Of all that was predicted.</param>
    /// <param name="predicted">The tokens, and the end mark where there is one; at most the greatest length.</param>
    private void Finish(Live live, double logProbability, int predicted)
    {
        _finished.Add(new TokenHypothesis(live.Tokens(), logProbability / Penalty(predicted), logProbability));
        _finished.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        if (_finished.Count > options.BeamSize) _finished.RemoveAt(_finished.Count - 1);
    }

    // A live output's log-probability only falls, and the penalty is largest at the greatest length: that bounds its score.
    private bool CannotImprove() =>
        options.BeamSize == 1
            ? _finished.Count > 0
            : _finished.Count >= options.BeamSize && _live[0].LogProbability / Penalty(maxLength) <= _finished[^1].Score;

    private double Penalty(int length) => Math.Pow((5.0 + length) / 6.0, options.LengthPenalty);

    private sealed record Live(Live? Previous, int Token, double LogProbability, int Length)
    {
        public int[] Tokens()
        {
            var tokens = new int[Length];
            for (var live = this; live.Previous is not null; live = live.Previous) tokens[live.Length - 1] = live.Token;
            return tokens;
        }
    }

    // Among equals the one that is given first: the better parent's, then the better token.
    private readonly record struct Candidate(double LogProbability, int Index) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other)
        {
            var byScore = other.LogProbability.CompareTo(LogProbability);
            return byScore != 0 ? byScore : Index.CompareTo(other.Index);
        }
    }
}
