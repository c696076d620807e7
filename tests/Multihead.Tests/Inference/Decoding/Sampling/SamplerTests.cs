using Multihead.Inference;
using Multihead.Inference.Decoding.Sampling;

namespace Multihead.Tests.Inference.Decoding.Sampling;

public class SamplerTests
{
    private static readonly float[] Logits = [1, 3, -2, 2.5f, 0, 0.5f, float.NegativeInfinity, 3];

    public static TheoryData<SamplingOptions> Kinds =>
    [
        new SamplingOptions { Seed = 7 },
        new SamplingOptions { Temperature = 0.5 },
        new SamplingOptions { Temperature = 3, TopK = 4 },
        new SamplingOptions { Temperature = 2, TopP = 0.8 },
        new SamplingOptions { MinP = 0.1, RepetitionPenalty = 1.5 },
        new SamplingOptions { TypicalP = 0.7, FrequencyPenalty = 0.5 },
    ];

    [Theory, MemberData(nameof(Kinds))]
    public void DrawsAsOftenAsTheDistributionSays(SamplingOptions options)
    {
        const int draws = 20_000;
        int[] history = [1, 1, 3];
        var (sampler, counts) = (new Sampler(options, Logits.Length), new int[Logits.Length]);
        for (var step = 0; step < draws; step++) counts[sampler.Next([.. Logits], history, step)]++;
        var expected = Distribution(options, history);
        for (var id = 0; id < counts.Length; id++)
        {
            if (expected[id] == 0) Assert.Equal(0, counts[id]);
            // Five deviations of a binomial: one seed in a million strays further.
            else Assert.Equal(expected[id] * draws, counts[id], 5 * Math.Sqrt(draws * expected[id] * (1 - expected[id])) + 1e-6);
        }
    }

    [Fact]
    public void AStepDrawsTheSameInAnyOrderAndAnotherSeedDrawsOtherwise()
    {
        int[] Drawn(ulong seed, IEnumerable<int> steps)
        {
            var sampler = new Sampler(new SamplingOptions { Seed = seed, Temperature = 2 }, Logits.Length);
            return [.. steps.Select(step => sampler.Next([.. Logits], [], step))];
        }
        var steps = Enumerable.Range(0, 200).ToArray();
        Assert.Equal(Drawn(1, steps), Drawn(1, steps.Reverse()).Reverse());
        Assert.NotEqual(Drawn(1, steps), Drawn(2, steps));
    }

    [Fact]
    public void TemperatureZeroIsGreedyAndTakesTheLowerOfEquals()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 0 }, Logits.Length);
        Assert.Equal(1, sampler.Next([.. Logits], [], 0));
        var penalized = new Sampler(new SamplingOptions { Temperature = 0, PresencePenalty = 0.25 }, Logits.Length);
        Assert.Equal(7, penalized.Next([.. Logits], [1], 0));
    }

    [Fact]
    public void ATemperatureNextToZeroDrawsTheBest()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = double.Epsilon, TypicalP = 0.9, MinP = 0.1 }, 3);
        for (var step = 0; step < 20; step++) Assert.Equal(2, sampler.Next([-1e30f, 0, 1], [], step));
    }

    [Fact]
    public void LogProbabilitiesAreThoseOfTheLogitsAsGiven()
    {
        var options = new SamplingOptions { Temperature = 5, TopK = 3, RepetitionPenalty = 2 };
        var sampler = new Sampler(options, Logits.Length, alternatives: 3);
        var p = PlainSampling.Softmax([.. Logits.Select(x => (double)x)]);
        for (var step = 0; step < 50; step++)
        {
            var token = sampler.Next([.. Logits], [1, 3], step);
            Assert.Equal(Math.Log(p[token]), sampler.LogProbability, 1e-5); // float's exp and log
            Assert.Equal([1, 7, 3], sampler.AlternativeIds.ToArray());
            for (var i = 0; i < 3; i++)
                Assert.Equal(Math.Log(p[sampler.AlternativeIds[i]]), sampler.AlternativeLogProbabilities[i], 1e-5);
        }
        Assert.Equal(0, new Sampler(options, Logits.Length).AlternativeIds.Length);
    }

    [Fact]
    public void NothingIsAllocatedForAToken()
    {
        var options = new SamplingOptions { TopK = 40, TopP = 0.9, MinP = 0.01, TypicalP = 0.9, RepetitionPenalty = 1.1 };
        var (sampler, logits, history) = (new Sampler(options, 1_000, 5), new float[1_000], new[] { 1, 2, 3 });
        sampler.Next(logits, history, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 1; step < 100; step++) sampler.Next(logits, history, step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void LogitsThatSayNothingAreRefused(float bad)
    {
        var sampler = new Sampler(new SamplingOptions(), 3);
        var logits = bad < 0 ? new[] { bad, bad, bad } : [0, bad, 1];
        Assert.Contains("nothing can be drawn", Assert.Throws<MultiheadException>(() => sampler.Next(logits, [], 0)).Message,
            StringComparison.Ordinal);
    }

    private static double[] Distribution(SamplingOptions o, int[] history)
    {
        var logits = PlainSampling.Penalized([.. Logits.Select(x => (double)x)], history, o.RepetitionPenalty,
            o.PresencePenalty, o.FrequencyPenalty);
        var p = PlainSampling.Softmax([.. logits.Select(logit => logit / o.Temperature)]);
        if (o.TopK > 0) p = PlainSampling.TopK(p, o.TopK);
        if (o.TopP < 1) p = PlainSampling.TopP(p, o.TopP);
        if (o.MinP > 0) p = PlainSampling.MinP(p, o.MinP);
        return o.TypicalP < 1 ? PlainSampling.Typical(p, o.TypicalP) : p;
    }
}
