using System.Diagnostics;
using Multihead.Kernels.Threading;
using Multihead.Training;

namespace Multihead.Tests.Training;

/// <summary>Learning makes no garbage and its memory does not grow. What is measured is the whole process with all its threads,
/// so it is a child in which nothing else happens: methods are compiled once and the collector's budget is small, so that neither
/// takes memory later that it did not take at first.</summary>
public sealed class TrainerMemoryTests
{
    private const string Variable = "MULTIHEAD_TEST_TRAINER_MEMORY";
    private const int ValidateEvery = 250;

    // Sentences of many lengths and more than a batch holds, so that batches differ and late ones may be larger than the first.
    private static readonly TrainingScene Scene = new(
        TinyModel.Config(vocabulary: 100, layers: 2, dropout: 0.1f),
        new TrainingOptions
        {
            Steps = 1_000,
            BatchTokens = 256,
            ValidateEvery = ValidateEvery,
            SaveEvery = ValidateEvery,
        },
        SequenceTask.Corpus(SequenceTask.Pairs(100, 500, seed: 1, SequenceTask.Copy, longest: 30)),
        SequenceTask.Corpus(SequenceTask.Pairs(100, 20, seed: 2, SequenceTask.Copy, longest: 50)));

    [Fact]
    public void AChildThatLearnsAllocatesNothingBetweenValidationsAndStaysAsLarge()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Multihead.Tests"))
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = "1", ["DOTNET_TieredCompilation"] = "0", ["DOTNET_GCgen0size"] = "0x100000" },
            ArgumentList = { "--filter-method", $"{typeof(TrainerMemoryTests).FullName}.{nameof(MeasuresWhereAsked)}" },
        };
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, output);
    }

    // The child's part; where the variable is not set there is nothing to do.
    [Fact]
    public void MeasuresWhereAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) return;
        using var team = new ThreadTeam(2);
        var allocated = new List<long>(100); // in every ten of the 200 steps between two validations
        List<long> arenas = [];
        var (before, early, late) = (0L, 0L, 0L);
        Play(Scene with { Options = Scene.Options with { Steps = 30, ValidateEvery = 10, SaveEvery = 10 } }, (_, _) => { });
        Play(Scene, (step, trainer) =>
        {
            var inSpan = step % ValidateEvery;
            if (inSpan == 240) arenas.Add(trainer.ArenaBytes);
            if (inSpan is > 20 and <= 220 && step % 10 == 0) allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - before);
            if (step % 10 == 0) before = GC.GetTotalAllocatedBytes(precise: true);
            if (step == 10) GC.Collect();
            if (step == 100) early = Environment.WorkingSet;
            if (step == 1_000) late = Environment.WorkingSet;
        });
        Assert.Equal(80, allocated.Count);
        // The host of the tests allocates something about once a second.
        Assert.True(allocated.Count(bytes => bytes == 0) >= 60, $"bytes allocated in ten steps: {string.Join(", ", allocated)}");
        Assert.InRange(arenas[0], 2 << 20, 64 << 20); // more than the arena takes at once, so that growing would be seen
        Assert.Single(arenas.Distinct());
        Assert.InRange(late / (double)early, 0.99, 1.01);

        void Play(TrainingScene scene, Action<int, Trainer> look)
        {
            using var folder = new ScratchFolder();
            scene.With(new RunFolder(folder.FullPath), team, trainer =>
            {
                trainer.MeasureStepSeconds(TimeSpan.Zero, TimeSpan.Zero); // takes the memory and runs nothing
                arenas = [trainer.ArenaBytes];
                return trainer.Run(new OnProgress(p => look(p.Step, trainer)), CancellationToken.None);
            });
        }
    }
}
