using Multihead.Kernels.Selection;
using Multihead.Models;
using Multihead.Models.Caches;
using Multihead.Tensors;

namespace Multihead.Inference.Decoding;

/// <summary>Beam search over a batch of sources at once. A source's result does not depend on the others: their rows share
/// passes over the weights, not arithmetic.</summary>
internal static unsafe class BeamSearch
{
    /// <param name="model">Packed for running.</param>
    /// <param name="w">Where to compute.</param>
    /// <param name="sources">Token sequences with end marks.</param>
    /// <param name="options">Beam size and penalties.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <returns>For each source its best outputs, best first.</returns>
    public static IReadOnlyList<TokenHypothesis>[] Search(EncoderDecoder model, Workspace w, in TokenSequences sources,
        TranslationOptions options, CancellationToken cancellation)
    {
        var count = sources.Lengths.Length;
        var beams = new Beam[count];
        var capacity = 1;
        for (var i = 0; i < count; i++)
        {
            var maxLength = MaxLength(model, sources.Lengths[i], options);
            beams[i] = new Beam(options, maxLength);
            capacity = Math.Max(capacity, maxLength);
        }
        w.BeginStep();
        using var cache = model.Prefill(w, sources, options.BeamSize, capacity);
        List<int> running = [.. Enumerable.Range(0, count)];
        List<int> tokens = [.. Enumerable.Repeat(model.Config.DecoderStartId, count)];
        while (running.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(model, w, cache, beams, options, running, tokens);
        }
        return [.. beams.Select(b => b.Best)];
    }

    /// <summary>Most tokens, the end mark included, of the output for a source of so many.</summary>
    public static int MaxLength(EncoderDecoder model, int sourceLength, TranslationOptions options) =>
        (int)Math.Min(model.MaxLength, (long)sourceLength + options.MaxExtraTokens);

    private static void Step(EncoderDecoder model, Workspace w, DecoderCache cache, Beam[] beams, TranslationOptions options,
        List<int> running, List<int> tokens)
    {
        w.BeginStep();
        var logits = model.DecodeStep(w, cache, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens));
        var k = Math.Min(options.BeamSize + 1, logits.Columns); // one of them may be the end mark
        var ids = w.Arena.Take<int>((long)logits.Rows * k);
        var scores = w.Arena.Take<float>((long)logits.Rows * k);
        TopLogProbabilities.Select(w.Team, logits.Data, logits.Rows, logits.Columns, k, ids, scores);
        List<int> parents = [];
        tokens.Clear();
        var slot = 0;
        foreach (var index in running)
        {
            var (beam, first) = (beams[index], parents.Count);
            var live = beam.LiveCount;
            beam.Advance(new(ids + (long)slot * k, live * k), new(scores + (long)slot * k, live * k), k,
                model.Config.EndOfSentenceId, parents, tokens);
            if (beam.IsDone)
            {
                parents.RemoveRange(first, parents.Count - first);
                tokens.RemoveRange(first, tokens.Count - first);
            }
            for (var i = first; i < parents.Count; i++) parents[i] += slot;
            slot += live;
        }
        running.RemoveAll(index => beams[index].IsDone);
        cache.Reorder(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(parents));
    }
}
