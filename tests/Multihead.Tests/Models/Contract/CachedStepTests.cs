using Multihead.Models.Configuration;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models.Contract;

/// <summary>Writing token by token with a cache gives the bits that whole targets give without one.</summary>
public class CachedStepTests
{
    private const int Vocabulary = 57;

    [Theory]
    [InlineData(NormPlacement.Post, true, false)]
    [InlineData(NormPlacement.Post, true, true)]
    [InlineData(NormPlacement.Pre, true, true)]
    [InlineData(NormPlacement.Pre, false, true)]
    public void EveryPositionHasTheBitsOfTheWholeTarget(NormPlacement placement, bool tied, bool packed)
    {
        const int length = 131; // over the edges of attention's blocks
        var config = ModelBench.Small(dim: 40, heads: 2, Vocabulary) with { NormPlacement = placement, TieEmbeddings = tied };
        using var bench = new ModelBench(config, threads: 2);
        var batch = SentenceBatch.Random(3, Vocabulary, (5, length), (1, length), (90, length));
        var whole = bench.Logits(batch); // never packed
        if (packed) bench.Model.Pack(bench.Workspace.Team);

        bench.Workspace.BeginStep();
        using var cache = bench.Model.Prefill(bench.Workspace, batch.Sources, slotsPerSource: 1, length);
        for (var position = 0; position < length; position++)
        {
            bench.Workspace.BeginStep();
            var logits = bench.Model.DecodeStep(bench.Workspace, cache, [.. batch.Pairs.Select(p => p.Input[position])]);
            for (var slot = 0; slot < 3; slot++)
                Widths.AssertSameBits(whole[slot].AsSpan(position * Vocabulary, Vocabulary), logits.Row(slot));
        }
        Assert.Throws<InvalidOperationException>(() => { bench.Model.DecodeStep(bench.Workspace, cache, [0, 0, 0]); });
    }

    [Fact]
    public void ReorderedBeamsKeepTheBitsOfTheirOwnHistory()
    {
        const int length = 80, mostPerSource = 3;
        var random = new Random(4);
        using var bench = new ModelBench(ModelBench.Small(dim: 24, heads: 2, Vocabulary), threads: 2);
        var sources = SentenceBatch.Random(3, Vocabulary, (5, 1), (66, 1), (2, 1));
        bench.Workspace.BeginStep();
        using var cache = bench.Model.Prefill(bench.Workspace, sources.Sources, mostPerSource, length);
        List<(int Source, int[] Tokens, float[] Logits)> slots = [(0, [], []), (1, [], []), (2, [], [])];
        for (var position = 0; position < length; position++)
        {
            bench.Workspace.BeginStep();
            int[] tokens = [.. slots.Select(_ => random.Next(Vocabulary))];
            var logits = bench.Model.DecodeStep(bench.Workspace, cache, tokens);
            for (var i = 0; i < slots.Count; i++)
                slots[i] = (slots[i].Source, [.. slots[i].Tokens, tokens[i]], [.. slots[i].Logits, .. logits.Row(i)]);
            // Some live on twice or thrice, some end, a source now and then for good; order is kept by source, as searches do.
            int[] parents = [.. slots.Select((s, i) => (s.Source, Index: i)).GroupBy(s => s.Source)
                .SelectMany(beams => Enumerable.Range(0, random.Next(position < 20 ? 1 : 0, mostPerSource + 1))
                    .Select(_ => beams.ElementAt(random.Next(beams.Count())).Index))];
            if (parents.Length == 0) parents = [0];
            cache.Reorder(parents);
            slots = [.. parents.Select(p => slots[p])];
        }
        foreach (var (source, tokens, logits) in slots)
        {
            var alone = new SentenceBatch([(sources.Pairs[source].Source, tokens, tokens)]);
            Widths.AssertSameBits(bench.Logits(alone)[0], logits);
        }
    }
}
