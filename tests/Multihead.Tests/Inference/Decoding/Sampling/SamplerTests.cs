using Multihead.Inference;
using Multihead.Inference.Decoding.Sampling;

namespace Multihead.Tests.Inference.Decoding.Sampling;

public class SamplerTests
{
    private static readonly float[] Logits = [1.3f, -0.4f, 2.1f, 0.2f, -3f, 1.9f, float.NegativeInfinity, 0.75f];
    private static readonly int[] History = [2, 4, 2, 7];

    public static TheoryData<SamplingOptions> Settings =>
    [
        new SamplingOptions(),
        new SamplingOptions { Temperature = 0.6 },
        new SamplingOptions { TopK = 3 },
        new SamplingOptions { TopP = 0.7 },
        new SamplingOptions { MinP = 0.3 },
        new SamplingOptions { TypicalP = 0.5 },
        new SamplingOptions { RepetitionPenalty = 1.5, PresencePenalty = 0.3, FrequencyPenalty = 0.4 },
        new SamplingOptions { Temperature = 2, TopK = 6, TopP = 0.9, MinP = 0.2, TypicalP = 0.8, PresencePenalty = 1 },
    ];

    // Five standard deviations: one of a million and a half tokens' counts would be further away by chance.
    [Theory, MemberData(nameof(Settings))]
    public void DrawsAsOftenAsAPlainReferenceSays(SamplingOptions options)
    {
        const int Draws = 20_000;
        var expected = PlainSampling.Distribution(Logits, History, options);
        var sampler = new Sampler(options with { Seed = 7 }, Logits.Length);
        var counts = new int[Logits.Length];
        for (var step = 0; step < Draws; step++) counts[sampler.Next([.. Logits], History, step)]++;
        for (var id = 0; id < counts.Length; id++)
        {
            var deviation = Math.Sqrt(Draws * expected[id] * (1 - expected[id]));
            Assert.InRange(counts[id] - Draws * expected[id], -5 * deviation, 5 * deviation);
        }
    }

    [Fact]
    public void AStepIsDrawnAgainByItselfAndAnotherSeedDrawsOthers()
    {
        int[] Run(ulong seed, IEnumerable<int> steps)
        {
            var sampler = new Sampler(new SamplingOptions { Seed = seed }, Logits.Length);
            return [.. steps.Select(step => sampler.Next([.. Logits], [], step))];
        }
        var steps = Enumerable.Range(0, 100).ToArray();
        Assert.Equal(Run(3, steps), Run(3, steps.Reverse()).Reverse());
        Assert.NotEqual(Run(3, steps), Run(4, steps));
    }

    [Fact]
    public void LogProbabilitiesAreThoseOfTheLogitsGiven()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 0, PresencePenalty = 2 }, Logits.Length, alternatives: 2);
        var logSum = Math.Log(Logits.Sum(x => Math.Exp(x)));
        Assert.Equal(5, sampler.Next([.. Logits], History, 0));
        Assert.Equal(1.9 - logSum, sampler.LogProbability, 1e-5);
        Assert.Equal([2, 5], sampler.AlternativeIds.ToArray());
        Assert.Equal(2.1 - logSum, sampler.AlternativeLogProbabilities[0], 1e-5);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void LogitsThatSayNothingAreRefused(float value) => Assert.Contains("nothing can be drawn",
        Assert.Throws<MultiheadException>(() => new Sampler(new(), 2).Next([value, float.NegativeInfinity], [], 0)).Message);

    [Fact]
    public void ATokenAllocatesNothing()
    {
        var sampler = new Sampler(new SamplingOptions { TopK = 5, TopP = 0.9, TypicalP = 0.9 }, Logits.Length, alternatives: 3);
        var logits = (float[])Logits.Clone();
        sampler.Next(logits, History, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 1; step < 100; step++) sampler.Next(logits, History, step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void WhatCannotBeMeantIsRefusedByName()
    {
        void Refused(string name, SamplingOptions options) =>
            Assert.StartsWith(name, Assert.Throws<MultiheadException>(options.Validate).Message, StringComparison.Ordinal);
        new SamplingOptions().Validate();
        Refused("Temperature", new SamplingOptions { Temperature = double.NaN });
        Refused("TopK", new SamplingOptions { TopK = -1 });
        Refused("TopP", new SamplingOptions { TopP = 0 });
        Refused("MinP", new SamplingOptions { MinP = 1.1 });
        Refused("TypicalP", new SamplingOptions { TypicalP = 0 });
        Refused("RepetitionPenalty", new SamplingOptions { RepetitionPenalty = 0 });
        Refused("PresencePenalty", new SamplingOptions { PresencePenalty = 3 });
        Refused("FrequencyPenalty", new SamplingOptions { FrequencyPenalty = -3 });
    }
}
