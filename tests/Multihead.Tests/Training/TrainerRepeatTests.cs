using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Training;
using Multihead.Training.Tasks;

namespace Multihead.Tests.Training;

/// <summary>A run is a function of its options and data: stopped or not, on however many threads, its files are the same bytes.
/// The scene saves at 6, 12, 18 and 24 and averages the last three.</summary>
public sealed class TrainerRepeatTests : IClassFixture<TrainerRepeatTests.WholeRun>
{
    private readonly Dictionary<string, byte[]> _whole;

    public TrainerRepeatTests(WholeRun whole) => _whole = whole.Files;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(17)]
    [InlineData(23)]
    [InlineData(7, 13, 19)] // between all savings that are averaged
    [InlineData(5, 6, 7, 8, 9, 10)]
    public void StoppedAndResumedLeavesTheFilesOfARunNeverStopped(params int[] stops)
    {
        using var folder = new ScratchFolder();
        AssertSame(_whole, Files(TrainingScene.Small.Play(folder, 1, stops)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(24)] // all is learned, but the average is not made
    public void BrokenOffAndResumedToo(int step)
    {
        using var folder = new ScratchFolder();
        using var team = new ThreadTeam(1);
        var run = new RunFolder(folder.FullPath);
        var breaks = new OnProgress(p => { if (p.Step == step) throw new InvalidOperationException("planted"); });
        Assert.Throws<InvalidOperationException>(() =>
            TrainingScene.Small.With(run, team, trainer => trainer.Run(breaks, CancellationToken.None)));
        Assert.True(TrainingScene.Small.Advance(run, team, int.MaxValue));
        AssertSame(_whole, Files(run));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void ThreadsDoNotMatter(int threads)
    {
        using var folder = new ScratchFolder();
        AssertSame(_whole, Files(TrainingScene.Small.Play(folder, threads, 9)));
    }

    [Fact]
    public void ResumingARunThatIsOverChangesNothing()
    {
        using var folder = new ScratchFolder();
        using var team = new ThreadTeam(1);
        var run = TrainingScene.Small.Play(folder);
        Assert.True(TrainingScene.Small.Advance(run, team, int.MaxValue));
        AssertSame(_whole, Files(run));
    }

    [Fact]
    public void AnotherSeedGivesOtherWeightsAndBatches()
    {
        using var folder = new ScratchFolder();
        var scene = TrainingScene.Small with { Options = TrainingScene.Small.Options with { Seed = 2 } };
        var other = Files(scene.Play(folder));
        Assert.Equal(_whole.Keys, other.Keys);
        foreach (var (name, bytes) in _whole) Assert.NotEqual(bytes, other[name]);
    }

    [Fact]
    public void ANewRunInTheFolderOfAnOldOneIsNotTouchedByIt()
    {
        using var folder = new ScratchFolder();
        using var team = new ThreadTeam(1);
        var longer = TrainingScene.Small with { Options = TrainingScene.Small.Options with { Steps = 40, Seed = 2 } };
        var run = longer.Play(folder);
        using var model = new EncoderDecoder(TrainingScene.Small.Config, learning: true);
        using var trainer = new Trainer(
            new TranslationTask(model, TrainingScene.Small.Options, TrainingScene.Small.Train, TrainingScene.Small.Valid),
            TrainingScene.Small.Options, run, team);
        trainer.Begin();
        Assert.True(trainer.Run(null, CancellationToken.None));
        AssertSame(_whole, Files(run));
    }

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(actual[name]), $"{name} differs");
    }

    private static Dictionary<string, byte[]> Files(RunFolder folder) => Directory
        .EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetRelativePath(folder.Root, path), File.ReadAllBytes);

    /// <summary>The run never stopped, on one thread.</summary>
    public sealed class WholeRun
    {
        public WholeRun()
        {
            using var folder = new ScratchFolder();
            Files = TrainerRepeatTests.Files(TrainingScene.Small.Play(folder));
        }

        internal Dictionary<string, byte[]> Files { get; }
    }
}
