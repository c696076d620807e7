using Multihead.Training.Schedules;

namespace Multihead.Tests.Training.Schedules;

public class LearningRateScheduleTests
{
    private const int Total = 1_000;

    public static TheoryData<LearningRateSchedule> All =>
    [
        new InverseSquareRootSchedule { PeakRate = 0.5, WarmupSteps = 100 },
        new CosineSchedule { PeakRate = 0.5, WarmupSteps = 100, FinalShare = 0.1 },
        new LinearSchedule { PeakRate = 0.5, WarmupSteps = 100, FinalShare = 0.1 },
    ];

    [Theory, MemberData(nameof(All))]
    public void RisesLinearlyToThePeakThenFalls(LearningRateSchedule schedule)
    {
        for (var step = 1; step <= 100; step++) Assert.Equal(0.5 * step / 100, schedule.RateAt(step, Total), 12);
        for (var step = 101; step <= Total; step++)
            Assert.True(schedule.RateAt(step, Total) < schedule.RateAt(step - 1, Total), $"step {step}");
    }

    // Equation 3: dim^-0.5 min(step^-0.5, step warmup^-1.5).
    [Fact]
    public void TheInverseSquareRootIsThePapersFormula()
    {
        const int dim = 512, warmup = 4_000;
        var peak = Math.Pow(dim, -0.5) * Math.Pow(warmup, -0.5);
        var schedule = new InverseSquareRootSchedule { PeakRate = peak, WarmupSteps = warmup };
        foreach (var step in new[] { 1, 2, 1_000, 3_999, 4_000, 4_001, 10_000, 100_000 })
        {
            var paper = Math.Pow(dim, -0.5) * Math.Min(Math.Pow(step, -0.5), step * Math.Pow(warmup, -1.5));
            Assert.Equal(1, schedule.RateAt(step, 100_000) / paper, 12);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    public void TheCosineGoesThroughTheMiddleHalfWayAndEndsAtItsShare(double share)
    {
        var schedule = new CosineSchedule { PeakRate = 2, WarmupSteps = 200, FinalShare = share };
        Assert.Equal(2, schedule.RateAt(200, Total), 12);
        Assert.Equal(1 + share, schedule.RateAt(600, Total), 12);
        Assert.Equal(2 * share, schedule.RateAt(Total, Total), 12);
        Assert.Equal(2 * (share + (1 - share) * (1 + Math.Cos(Math.PI / 4)) / 2), schedule.RateAt(400, Total), 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    public void TheLineEndsAtItsShare(double share)
    {
        var schedule = new LinearSchedule { PeakRate = 2, WarmupSteps = 200, FinalShare = share };
        Assert.Equal(2, schedule.RateAt(200, Total), 12);
        Assert.Equal(1 + share, schedule.RateAt(600, Total), 12);
        Assert.Equal(2 * share, schedule.RateAt(Total, Total), 12);
    }

    [Theory, MemberData(nameof(All))]
    public void ARunThatIsAllWarmUpOrLongerThanPlannedHasARate(LearningRateSchedule schedule)
    {
        Assert.Equal(0.5, schedule.RateAt(100, 100), 12);
        Assert.Equal(0.25, schedule.RateAt(50, 60), 12);
        Assert.InRange(schedule.RateAt(2 * Total, Total), 0.0499, 0.5); // beyond the end the last share stays
    }

    [Fact]
    public void OneStepOfWarmUpBeginsAtThePeak() =>
        Assert.Equal(3, new LinearSchedule { PeakRate = 3, WarmupSteps = 1 }.RateAt(1, 10));
}
