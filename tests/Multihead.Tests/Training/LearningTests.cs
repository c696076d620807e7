using Multihead.Inference.Decoding;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Tensors;
using Multihead.Training;
using Multihead.Training.Schedules;
using Multihead.Training.Tasks;

namespace Multihead.Tests.Training;

/// <summary>Rules that a Transformer can learn without fail are learned without fail: every unseen sequence comes out right.
/// </summary>
public class LearningTests
{
    private const int Vocabulary = 12;
    private const int Longest = 6;

    [Theory]
    [InlineData("copy")]
    [InlineData("reverse")]
    public void LearnsARuleToTheLastUnseenSequence(string name)
    {
        Func<int[], int[]> rule = name == "copy" ? SequenceTask.Copy : SequenceTask.Reverse;
        var train = SequenceTask.Pairs(Vocabulary, 4_000, seed: 1, rule, Longest);
        var seen = train.Select(pair => string.Join(' ', pair.Source)).ToHashSet();
        var unseen = SequenceTask.Pairs(Vocabulary, 400, seed: 2, rule, Longest)
            .Where(pair => !seen.Contains(string.Join(' ', pair.Source))).ToArray();
        Assert.InRange(unseen.Length, 200, 400);
        using var folder = new ScratchFolder();
        using var model = new EncoderDecoder(TinyModel.Config(Vocabulary, layers: 2), learning: true);
        var options = new TrainingOptions
        {
            Steps = 600,
            BatchTokens = 512,
            Schedule = new LinearSchedule { PeakRate = 0.005, WarmupSteps = 50 },
            LabelSmoothing = 0,
            AveragedStates = 1,
        };
        using var trainer = new Trainer(
            new TranslationTask(model, options, SequenceTask.Corpus(train), SequenceTask.Corpus(unseen)), options,
            new RunFolder(folder.FullPath), ThreadTeam.Shared);
        trainer.Begin();
        Assert.True(trainer.Run(null, CancellationToken.None));
        Assert.All(unseen, pair => Assert.Equal(pair.Target, Greedy(model, pair.Source)));
    }

    private static int[] Greedy(EncoderDecoder model, int[] source)
    {
        using var workspace = new Workspace(ThreadTeam.Shared);
        return [.. GreedyStream.Run(model, workspace, [.. source, model.Config.EndOfSentenceId], 2 * Longest,
            CancellationToken.None)];
    }
}
