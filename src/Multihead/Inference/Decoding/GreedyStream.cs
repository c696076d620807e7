using Multihead.Kernels.Selection;
using Multihead.Models;
using Multihead.Tensors;

namespace Multihead.Inference.Decoding;

/// <summary>Greedy search that hands out each token as soon as it is known.</summary>
internal static unsafe class GreedyStream
{
    /// <param name="model">Packed for running.</param>
    /// <param name="w">Where to compute; the stream's alone until it ends.</param>
    /// <param name="source">Token numbers with the end mark.</param>
    /// <param name="maxLength">Most tokens.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    public static IEnumerable<int> Run(EncoderDecoder model, Workspace w, int[] source, int maxLength,
        CancellationToken cancellation)
    {
        w.BeginStep();
        using var cache = model.Prefill(w, new TokenSequences(source, [source.Length]), slotsPerSource: 1, maxLength);
        var token = model.Config.DecoderStartId;
        for (var length = 0; length < maxLength; length++)
        {
            cancellation.ThrowIfCancellationRequested();
            w.BeginStep();
            token = Best(w, model.DecodeStep(w, cache, [token]));
            if (token == model.Config.EndOfSentenceId) yield break;
            yield return token;
        }
    }

    private static int Best(Workspace w, Tensor logits)
    {
        int id;
        float logProbability;
        TopLogProbabilities.Select(w.Team, logits.Data, 1, logits.Columns, 1, &id, &logProbability);
        return id;
    }
}
