using Multihead.Models;
using Multihead.Tensors;

namespace Multihead.Inference.Decoding;

/// <summary>Log-probabilities of given tokens.</summary>
internal static class TextScorer
{
    private const int LongestPiece = 512; // tokens whose logits exist at one time

    /// <summary>Scores each token after those before it, in pieces that the model can read.</summary>
    public static TextScore Score(DecoderOnly model, Workspace w, int[] ids, CancellationToken cancellation)
    {
        int[] tokens = model.Config.BeginOfTextId is { } begin ? [begin, .. ids] : ids;
        var longest = Math.Min(LongestPiece, model.Config.Positions.MaxLength);
        var scores = new double[Math.Max(0, tokens.Length - 1)];
        for (var first = 0; first < scores.Length; first += longest)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(longest, scores.Length - first);
            w.BeginStep();
            var logits = model.Logits(w, new TokenSequences(tokens.AsSpan(first, count), [count]));
            for (var i = 0; i < count; i++) scores[first + i] = LogProbability(logits.Row(i), tokens[first + i + 1]);
        }
        return new TextScore([.. tokens.Skip(1)], scores);
    }

    private static double LogProbability(ReadOnlySpan<float> logits, int token)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        return logits[token] - largest - Math.Log(sum);
    }
}
