using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Training;
using Multihead.Training.Batches;
using Multihead.Training.Tasks;

namespace Multihead.Tests.Training;

/// <summary>Everything that decides a run, to be played in folders: whole, or stopped and gone on with.</summary>
internal sealed record TrainingScene(ModelConfig Config, TrainingOptions Options, EncodedCorpus Train, EncodedCorpus Valid)
{
    /// <summary>Some words to copy, with dropout, accumulation and averaging on, over a few epochs.</summary>
    public static TrainingScene Small { get; } = new(
        TinyModel.Config(dim: 16, dropout: 0.1f),
        new TrainingOptions
        {
            Steps = 24,
            BatchTokens = 48,
            AccumulatedBatches = 2,
            ValidateEvery = 5,
            SaveEvery = 6,
            AveragedStates = 3,
        },
        SequenceTask.Corpus(SequenceTask.Pairs(12, 60, seed: 1, SequenceTask.Copy)),
        SequenceTask.Corpus(SequenceTask.Pairs(12, 10, seed: 2, SequenceTask.Copy)));

    /// <summary>Plays the run to its end, ended by cancelling after each of some steps and resumed with all things new.</summary>
    public RunFolder Play(ScratchFolder folder, int threads = 1, params int[] stops)
    {
        using var team = new ThreadTeam(threads);
        var run = new RunFolder(folder.FullPath);
        foreach (var stop in stops) Assert.False(Advance(run, team, stop));
        Assert.True(Advance(run, team, int.MaxValue));
        return run;
    }

    /// <summary>Resumes, or begins, and goes on to the end or to the step given; returns whether it came to the end.</summary>
    public bool Advance(RunFolder folder, ThreadTeam team, int stop)
    {
        using var cancellation = new CancellationTokenSource();
        if (stop == 0) cancellation.Cancel();
        return With(folder, team, trainer => trainer.Run(
            new OnProgress(p => { if (p.Step == stop) cancellation.Cancel(); }), cancellation.Token));
    }

    /// <summary>Does something with a new trainer that has resumed or begun.</summary>
    public T With<T>(RunFolder folder, ThreadTeam team, Func<Trainer, T> act)
    {
        using var model = new EncoderDecoder(Config, learning: true);
        using var trainer = new Trainer(new TranslationTask(model, Options, Train, Valid), Options, folder, team);
        trainer.Resume();
        return act(trainer);
    }
}

/// <summary>Tells at once, on the thread that reports.</summary>
internal sealed class OnProgress(Action<TrainingProgress> act) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => act(value);
}
