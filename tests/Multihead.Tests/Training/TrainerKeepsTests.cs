using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tensors;
using Multihead.Training;
using Multihead.Training.Reports;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Training;

/// <summary>What a run leaves in its folder: the best weights to translate with, the last to go on with, some to average.
/// </summary>
public sealed class TrainerKeepsTests : IDisposable
{
    // Learns to copy and is judged by reversing, so that its best comes early.
    private static readonly TrainingScene Scene = new(TinyModel.Config(dim: 16),
        new TrainingOptions { Steps = 60, BatchTokens = 64, ValidateEvery = 5, SaveEvery = 10, AveragedStates = 1 },
        SequenceTask.Corpus(SequenceTask.Pairs(12, 100, seed: 1, SequenceTask.Copy)),
        SequenceTask.Corpus(SequenceTask.Pairs(12, 20, seed: 2, SequenceTask.Reverse)));

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheBestWeightsByValidationAreTheModelAndTheLastAreTheState()
    {
        var schedule = new LinearSchedule { PeakRate = 0.02, WarmupSteps = 10, FinalShare = 1 };
        var scene = Scene with { Options = Scene.Options with { Schedule = schedule } };
        var run = scene.Play(_folder);
        var losses = LossLog.Read(run.LossLog).Where(row => row.Step % 5 == 0).Select(row => row.ValidationLoss!.Value).ToArray();
        Assert.Equal(12, losses.Length);
        Assert.True(losses.Min() < losses[^1], "the best was the last, which shows nothing");
        Assert.Equal(losses.Min(), (float)LossOf(scene, run.Weights));
        Assert.Equal(losses[^1], (float)LossOf(scene, run.State));
        Assert.False(File.Exists(run.Best));
        Assert.Empty(run.Snapshots());
    }

    [Fact]
    public void TheAverageOfTheLastSavedStatesIsTheModelAndTheBestIsKeptBeside()
    {
        var schedule = new LinearSchedule { PeakRate = 0.02, WarmupSteps = 10, FinalShare = 1 };
        var scene = Scene with { Options = Scene.Options with { AveragedStates = 3, Schedule = schedule } };
        var run = scene.Play(_folder);
        Assert.Equal([40, 50, 60], run.Snapshots().Select(snapshot => snapshot.Step));
        using var model = new EncoderDecoder(scene.Config, learning: true);
        WeightAverage.Load([.. run.Snapshots().Select(snapshot => snapshot.Path)], model.Parameters);
        var best = LossLog.Read(run.LossLog).Min(row => row.ValidationLoss ?? float.MaxValue);
        Assert.Equal(LossOf(scene, model), LossOf(scene, run.Weights));
        Assert.Equal(best, (float)LossOf(scene, run.Best));
        Assert.NotEqual(best, (float)LossOf(scene, run.Weights));
    }

    [Fact]
    public void ARunStoppedBeforeItsFirstValidationLeavesAModelToo()
    {
        using var team = new ThreadTeam(1);
        var run = new RunFolder(_folder.FullPath);
        Assert.False(Scene.Advance(run, team, stop: 2));
        Assert.Equal(LossOf(Scene, run.State), LossOf(Scene, run.Weights));
    }

    [Fact]
    public void ProgressIsToldAfterEveryStep()
    {
        using var team = new ThreadTeam(1);
        List<TrainingProgress> told = [];
        var run = new RunFolder(_folder.FullPath);
        Scene.With(run, team, trainer => trainer.Run(new OnProgress(told.Add), CancellationToken.None));
        var rows = LossLog.Read(run.LossLog);
        Assert.Equal(rows.Select(row => (row.Step, row.Loss, row.LearningRate)),
            told.Select(p => ((long)p.Step, (float)p.Loss, (float)p.LearningRate)));
        Assert.All(told[..4], p => Assert.Null(p.ValidationLoss));
        Assert.Equal(rows[4].ValidationLoss, (float?)told[7].ValidationLoss);
        Assert.All(told, p => Assert.True(p.TotalSteps == 60 && p.TokensPerSecond > 0 && p.FlopsPerSecond > 0));
        Assert.Equal(TimeSpan.Zero, told[^1].Remaining);
    }

    private static double LossOf(TrainingScene scene, string path)
    {
        using var model = new EncoderDecoder(scene.Config, learning: true);
        using var file = SafetensorsFile.Open(path);
        unsafe { WeightFile.Read(model.Parameters, file.Read); }
        return LossOf(scene, model);
    }

    private static double LossOf(TrainingScene scene, EncoderDecoder model)
    {
        using var workspace = new Workspace(ThreadTeam.Shared);
        return new Validation(model, scene.Valid, scene.Options.BatchTokens).Loss(workspace);
    }
}
