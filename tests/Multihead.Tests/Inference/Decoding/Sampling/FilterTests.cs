using Multihead.Inference.Decoding.Sampling;

namespace Multihead.Tests.Inference.Decoding.Sampling;

public class FilterTests
{
    private const double Tolerance = 1e-12; // sums of at most 300 doubles in another order

    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(300)]
    public void EachKeepsWhatItsDefinitionKeeps(int vocabulary)
    {
        var random = new Random(vocabulary);
        for (var round = 0; round < TestScale.Rounds(200); round++)
        {
            var (logits, temperature) = (RandomLogits(random, vocabulary), 0.3 + 2 * random.NextDouble());
            var p = PlainSampling.Softmax([.. logits.Select(logit => logit / temperature)]);
            var (k, share) = (random.Next(1, vocabulary + 2), random.NextDouble());
            Same(PlainSampling.TopK(p, k), logits, temperature, candidates => TopK.Apply(candidates, k));
            Same(PlainSampling.TopP(p, share), logits, temperature, candidates => TopP.Apply(candidates, share));
            Same(PlainSampling.MinP(p, share), logits, temperature, candidates => MinP.Apply(candidates, share));
            Same(PlainSampling.Typical(p, share), logits, temperature, candidates => LocallyTypical.Apply(candidates, share));
        }
    }

    [Fact]
    public void TogetherEachSeesWhatThoseBeforeItLeft()
    {
        var random = new Random(4);
        for (var round = 0; round < TestScale.Rounds(300); round++)
        {
            var logits = RandomLogits(random, 50);
            var (k, share) = (random.Next(1, 50), random.NextDouble());
            var (least, typical) = (random.NextDouble() / 5, random.NextDouble());
            var p = PlainSampling.TopP(PlainSampling.TopK(PlainSampling.Softmax([.. logits.Select(x => (double)x)]), k), share);
            Same(PlainSampling.Typical(PlainSampling.MinP(p, least), typical), logits, 1, candidates =>
            {
                TopK.Apply(candidates, k);
                TopP.Apply(candidates, share);
                MinP.Apply(candidates, least);
                LocallyTypical.Apply(candidates, typical);
            });
        }
    }

    [Fact]
    public void TheNucleusOfTheDefinitionsExample()
    {
        float[] logits = [MathF.Log(0.1f), MathF.Log(0.5f), MathF.Log(0.15f), MathF.Log(0.25f)];
        var candidates = new Candidates(4);
        candidates.Reset(logits, 1);
        TopP.Apply(candidates, 0.7); // 0.5 is too little, 0.5 + 0.25 enough
        Assert.Equal([1, 3], [candidates.Ranked(0).Id, candidates.Ranked(1).Id]);
        Assert.Equal(2, candidates.Count);
    }

    [Fact]
    public void WhatIsOffKeepsEverything()
    {
        var candidates = new Candidates(3);
        candidates.Reset([0, -800, -1], 1);
        TopK.Apply(candidates, 0);
        TopK.Apply(candidates, 3);
        TopP.Apply(candidates, 1);
        MinP.Apply(candidates, 0);
        LocallyTypical.Apply(candidates, 1);
        Assert.Equal(3, candidates.Count);
    }

    [Fact]
    public void AmongEqualsTheLowerNumberIsKept()
    {
        var candidates = new Candidates(100);
        candidates.Reset(new float[100], 1);
        TopK.Apply(candidates, 10);
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, 10).Select(rank => candidates.Ranked(rank).Id));
    }

    [Fact]
    public void ForbiddenTokensAreNoCandidates()
    {
        var candidates = new Candidates(4);
        candidates.Reset([float.NegativeInfinity, 1, float.NegativeInfinity, 2], 1);
        Assert.Equal([1, 3], candidates.Items.ToArray().Select(item => item.Id));
    }

    private static void Same(double[] expected, float[] logits, double temperature, Action<Candidates> filter)
    {
        var candidates = new Candidates(logits.Length);
        candidates.Reset(logits, temperature);
        filter(candidates);
        var (actual, total) = (new double[logits.Length], candidates.TotalWeight());
        foreach (var item in candidates.Items) actual[item.Id] = item.Weight / total;
        for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
    }

    private static float[] RandomLogits(Random random, int vocabulary) =>
        [.. Enumerable.Range(0, vocabulary).Select(_ => (float)(8 * random.NextDouble() - 4 + random.Next(2) * 3))];
}
