using Multihead.Inference;

namespace Multihead.Tests.Inference.Decoding;

/// <summary>An output of a plain search.</summary>
/// <param name="Tokens">Without the end mark.</param>
/// <param name="LogProbability">Of all that was predicted.</param>
/// <param name="Score">Divided by the length penalty of what was predicted.</param>
internal sealed record PlainHypothesis(int[] Tokens, double LogProbability, double Score);

/// <summary>Searches written down as the papers say them, over the uncached model and the whole vocabulary.</summary>
internal static class PlainBeamSearch
{
    /// <summary>Every output there is, best first.</summary>
    public static List<PlainHypothesis> Everything(UncachedModel model, int[] source, int maxLength, double alpha)
    {
        List<PlainHypothesis> all = [];
        Walk([], 0);
        return [.. all.OrderByDescending(h => h.Score)];

        void Walk(int[] output, double logProbability)
        {
            var next = model.LogProbabilities(source, output);
            for (var token = 0; token < next.Length; token++)
            {
                var sum = logProbability + next[token];
                if (token == model.End) all.Add(Hypothesis(output, sum, output.Length + 1, alpha));
                else if (output.Length + 1 == maxLength) all.Add(Hypothesis([.. output, token], sum, maxLength, alpha));
                else Walk([.. output, token], sum);
            }
        }
    }

    /// <summary>Keeps the best partial outputs; those that end among the best of a step are finished, and the search ends when no
    /// live one could become better than the finished ones.</summary>
    public static List<PlainHypothesis> Search(UncachedModel model, int[] source, int maxLength, TranslationOptions options)
    {
        List<PlainHypothesis> finished = [];
        List<(int[] Output, double LogProbability)> live = [([], 0)];
        for (var length = 1; live.Count > 0; length++)
        {
            var candidates = live.SelectMany(one => model.LogProbabilities(source, one.Output)
                .Select((p, token) => (one.Output, Token: token, LogProbability: one.LogProbability + p)))
                .OrderByDescending(candidate => candidate.LogProbability).ToArray();
            live = [];
            for (var rank = 0; rank < candidates.Length && live.Count < options.BeamSize; rank++)
            {
                var (output, token, sum) = candidates[rank];
                if (token == model.End && rank < options.BeamSize) Finish(output, sum);
                else if (token != model.End && length < maxLength) live.Add(([.. output, token], sum));
                else if (token != model.End && rank < 2 * options.BeamSize) Finish([.. output, token], sum);

                void Finish(int[] tokens, double logProbability) =>
                    finished.Add(Hypothesis(tokens, logProbability, length, options.LengthPenalty));
            }
            finished = [.. finished.OrderByDescending(h => h.Score).Take(options.BeamSize)];
            if (live.Count == 0 || finished.Count < options.BeamSize) continue;
            if (Score(live[0].LogProbability, maxLength, options.LengthPenalty) <= finished[^1].Score) break;
        }
        return [.. finished.Take(options.BestCount)];
    }

    /// <summary>Log-probability over ((5 + length) / 6)^alpha.</summary>
    public static double Score(double logProbability, int length, double alpha) =>
        logProbability / (Math.Pow(5 + length, alpha) / Math.Pow(6, alpha));

    private static PlainHypothesis Hypothesis(int[] tokens, double logProbability, int length, double alpha) =>
        new(tokens, logProbability, Score(logProbability, length, alpha));
}
