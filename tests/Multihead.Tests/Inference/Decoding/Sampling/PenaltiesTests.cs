using Multihead.Inference;
using Multihead.Inference.Decoding.Sampling;

namespace Multihead.Tests.Inference.Decoding.Sampling;

public class PenaltiesTests
{
    [Fact]
    public void AreThoseOfTheDefinitions()
    {
        var random = new Random(1);
        var options = new SamplingOptions { RepetitionPenalty = 1.3, PresencePenalty = 0.4, FrequencyPenalty = -0.2 };
        var penalties = new Penalties(options, 20);
        for (var round = 0; round < 200; round++) // with one object: the counts are taken back every time
        {
            var logits = Enumerable.Range(0, 20).Select(_ => (float)(10 * random.NextDouble() - 5)).ToArray();
            var history = Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(20)).ToArray();
            var expected = PlainSampling.Penalized([.. logits.Select(x => (double)x)], history, 1.3, 0.4, -0.2);
            penalties.Apply(logits, history);
            for (var i = 0; i < 20; i++) Assert.Equal(expected[i], logits[i], 1e-6 * 16); // float's rounding of values below 16
        }
    }

    [Fact]
    public void AForbiddenTokenStaysForbidden()
    {
        float[] logits = [float.NegativeInfinity, 1];
        new Penalties(new SamplingOptions { FrequencyPenalty = -2, RepetitionPenalty = 0.5 }, 2).Apply(logits, [0, 0, 1]);
        Assert.Equal([float.NegativeInfinity, 4], logits);
    }
}
