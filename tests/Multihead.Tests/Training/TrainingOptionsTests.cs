using Multihead.Training;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Training;

public class TrainingOptionsTests
{
    private static readonly TrainingOptions Good = new();

    public static TheoryData<string, TrainingOptions> Bad => new()
    {
        { "'steps' is 0, expected 1 to 100,000,000", Good with { Steps = 0 } },
        { "'batchTokens' is 15,", Good with { BatchTokens = 15 } },
        { "'accumulatedBatches' is 0,", Good with { AccumulatedBatches = 0 } },
        { "'schedule.warmupSteps' is 0,", Good with { Schedule = new CosineSchedule { WarmupSteps = 0 } } },
        { "'schedule.peakRate' is 0, expected above 0", Good with { Schedule = new LinearSchedule { PeakRate = 0 } } },
        { "'schedule.peakRate' is NaN,", Good with { Schedule = new InverseSquareRootSchedule { PeakRate = double.NaN } } },
        { "'schedule.finalShare' is 1.5, expected 0 to 1", Good with { Schedule = new CosineSchedule { FinalShare = 1.5 } } },
        { "'schedule.finalShare' is -1,", Good with { Schedule = new LinearSchedule { FinalShare = -1 } } },
        { "'adam.beta1' is 1,", Good with { Adam = new AdamOptions { Beta1 = 1 } } },
        { "'adam.beta2' is -0.5,", Good with { Adam = new AdamOptions { Beta2 = -0.5 } } },
        { "'adam.beta2' is 0.99999999,", Good with { Adam = new AdamOptions { Beta2 = 0.99999999 } } }, // 1 in fp32
        { "'adam.epsilon' is 0,", Good with { Adam = new AdamOptions { Epsilon = 0 } } },
        { "'adam.epsilon' is 1E-60,", Good with { Adam = new AdamOptions { Epsilon = 1e-60 } } }, // 0 in fp32
        { "'adam.weightDecay' is -1,", Good with { Adam = new AdamOptions { WeightDecay = -1 } } },
        { "'clipNorm' is -1,", Good with { ClipNorm = -1 } },
        { "'labelSmoothing' is 1,", Good with { LabelSmoothing = 1 } },
        { "'validateEvery' is 0,", Good with { ValidateEvery = 0 } },
        { "'saveEvery' is 0,", Good with { SaveEvery = 0 } },
        { "'averagedStates' is 0,", Good with { AveragedStates = 0 } },
    };

    [Fact]
    public void TheDefaultsAreGood() => Good.Validate();

    [Theory, MemberData(nameof(Bad))]
    public void WhatCannotBeMeantIsNamedAsInTheRecipe(string words, TrainingOptions options)
    {
        var message = Assert.Throws<MultiheadException>(options.Validate).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Equal(message, CommaCulture.Run(() => Assert.Throws<MultiheadException>(options.Validate).Message));
    }
}
