using Multihead.Inference;

namespace Multihead.Tests.Inference;

public class SamplingOptionsTests
{
    public static TheoryData<string, SamplingOptions> Bad => new()
    {
        { "RepetitionPenalty", new SamplingOptions { RepetitionPenalty = 0 } },
        { "RepetitionPenalty", new SamplingOptions { RepetitionPenalty = double.PositiveInfinity } },
        { "PresencePenalty", new SamplingOptions { PresencePenalty = 2.1 } },
        { "FrequencyPenalty", new SamplingOptions { FrequencyPenalty = -2.1 } },
        { "Temperature", new SamplingOptions { Temperature = -0.1 } },
        { "Temperature", new SamplingOptions { Temperature = double.NaN } },
        { "TopK", new SamplingOptions { TopK = -1 } },
        { "TopP", new SamplingOptions { TopP = 0 } },
        { "TopP", new SamplingOptions { TopP = 1.1 } },
        { "MinP", new SamplingOptions { MinP = -0.1 } },
        { "MinP", new SamplingOptions { MinP = double.NaN } },
        { "TypicalP", new SamplingOptions { TypicalP = 0 } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void WhatCannotBeMeantIsRefusedByName(string name, SamplingOptions options) =>
        Assert.StartsWith(name + " was set to ", Assert.Throws<MultiheadException>(options.Validate).Message,
            StringComparison.Ordinal);

    [Fact]
    public void TheMessageSaysWhatToGive() => Assert.Equal(
        "TopP was set to 1.5; give a number above 0 and at most 1; 1 turns it off.",
        Assert.Throws<MultiheadException>(new SamplingOptions { TopP = 1.5 }.Validate).Message);

    [Fact]
    public void TheLimitsAreAllowed()
    {
        new SamplingOptions().Validate();
        new SamplingOptions { Temperature = 0, MinP = 1, PresencePenalty = -2, RepetitionPenalty = 100 }.Validate();
    }
}
