using Multihead.Models.Formats;
using Multihead.Training;
using Multihead.Training.Reports;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Training;

/// <summary>What one update is made of: sums of gradients, clipping, the rate of the schedule.</summary>
public sealed class TrainerStepTests
{
    // Eight sources of 7 words, four targets of 2 and four of 7: one batch of 64 tokens a side, or two of 32 that have 12 and 32
    // target tokens, so that they do not weigh the same.
    private static readonly TrainingScene Whole = new(TinyModel.Config(dim: 16),
        new TrainingOptions
        {
            Steps = 6,
            BatchTokens = 64,
            Schedule = new LinearSchedule { PeakRate = 1e-3, WarmupSteps = 3 },
            Adam = new AdamOptions { Epsilon = 1e-4 }, // else rounding alone moves weights whose gradient is nothing
            AveragedStates = 1,
        },
        SequenceTask.Corpus(SequenceTask.Pairs(12, 400, seed: 1, SequenceTask.Reverse).Where(p => p.Source.Length == 7).Take(8)
            .Select((p, i) => (p.Source, p.Target[..(i % 2 == 0 ? 2 : 7)]))),
        SequenceTask.Corpus(SequenceTask.Pairs(12, 5, seed: 2, SequenceTask.Reverse)));

    [Fact]
    public void TwoHalfBatchesAreOneWhole()
    {
        Assert.Equal(8, Whole.Train.Count);
        var halves = Whole with { Options = Whole.Options with { BatchTokens = 32, AccumulatedBatches = 2 } };
        var (whole, half) = (Play(Whole), Play(halves));
        Assert.All(whole.Log, row => Assert.Equal(64 + 44, row.Tokens));
        for (var i = 0; i < whole.Log.Count; i++)
        {
            Assert.Equal(whole.Log[i].Tokens, half.Log[i].Tokens);
            Assert.Equal(whole.Log[i].Loss, half.Log[i].Loss, 2e-6f * whole.Log[i].Loss);
            Assert.Equal(whole.Log[i].GradientNorm, half.Log[i].GradientNorm, 1e-5f * whole.Log[i].GradientNorm);
        }
        Assert.InRange(Distance(whole.FirstMoments, half.FirstMoments) / Norm(whole.FirstMoments), 0, 1e-5);
    }

    [Fact]
    public void AGradientLongerThanAllowedIsShortenedToThat()
    {
        var free = Play(One(clipNorm: 0));
        var gradientNorm = free.Log[0].GradientNorm;
        // After one step the mean of gradients is (1 - beta1) times the gradient that the optimizer was given.
        Assert.Equal(gradientNorm, Norm(free.FirstMoments) / 0.1, 1e-5 * gradientNorm);
        var clipped = Play(One(clipNorm: 0.01));
        Assert.Equal(gradientNorm, clipped.Log[0].GradientNorm); // the log has what it was before
        Assert.Equal(0.01, Norm(clipped.FirstMoments) / 0.1, 1e-7);
        Assert.Equal(free.FirstMoments, Play(One(clipNorm: 1.01 * gradientNorm)).FirstMoments);

        static TrainingScene One(double clipNorm) =>
            Whole with { Options = Whole.Options with { Steps = 1, ClipNorm = clipNorm } };
    }

    [Fact]
    public void EveryStepHasTheRateOfItsSchedule() =>
        Assert.Equal(Enumerable.Range(1, 6).Select(step => (float)Whole.Options.Schedule.RateAt(step, 6)),
            Play(Whole).Log.Select(row => row.LearningRate));

    [Fact]
    public void AGradientThatIsNotFiniteEndsTheRunWithASentence()
    {
        var wild = Whole with
        {
            Options = Whole.Options with
            {
                Steps = 100,
                Schedule = new LinearSchedule { PeakRate = 99, WarmupSteps = 1, FinalShare = 1 },
                Adam = new AdamOptions { WeightDecay = 1 }, // every step multiplies the weights by 1 - 99
            },
        };
        Assert.Contains("is not finite; lower the peak learning rate",
            Assert.Throws<MultiheadException>(() => Play(wild)).Message, StringComparison.Ordinal);
    }

    private static (List<LossRow> Log, float[] FirstMoments) Play(TrainingScene scene)
    {
        using var folder = new ScratchFolder();
        var run = scene.Play(folder);
        using var state = SafetensorsFile.Open(run.State);
        var moments = new float[state.Find("adam.first").ElementCount];
        state.ReadFloat32("adam.first", moments);
        return (LossLog.Read(run.LossLog), moments);
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(x => (double)x * x));

    private static double Distance(float[] a, float[] b) => Norm([.. a.Zip(b, (x, y) => x - y)]);
}
