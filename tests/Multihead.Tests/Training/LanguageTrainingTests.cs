using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Training;
using Multihead.Training.Recipes;
using Multihead.Training.Schedules;
using Multihead.Training.Tasks;

namespace Multihead.Tests.Training;

/// <summary>Learning to go on with text: a stopped run goes on as if never stopped, and the validation loss is that of every token
/// of the held-out text.</summary>
public class LanguageTrainingTests
{
    [Fact]
    public void AResumedRunEndsInTheStateOfARunNeverStopped()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["text.txt"], string.Concat(Enumerable.Range(0, 300).Select(i => $"{i} and {i * i}; ")));
        var recipe = new Recipe
        {
            Data = new TextData { Text = "text.txt", Context = 24 },
            VocabularySize = 300,
            Model = new ModelRecipe { Preset = "gpt2-tiny", ModelDim = 32, Dropout = 0.1f },
            Training = new TrainingOptions
            {
                Steps = 12,
                BatchTokens = 100,
                AccumulatedBatches = 2,
                SaveEvery = 5,
                ValidateEvery = 4,
                AveragedStates = 2,
                Schedule = new LinearSchedule { PeakRate = 0.01, WarmupSteps = 3 },
            },
        };
        var (whole, parts) = (folder["whole"], folder["parts"]);
        var options = new RunOptions { DataFolder = folder.FullPath };
        Assert.True(TranslatorTraining.Run(recipe, whole, options, null, TestContext.Current.CancellationToken));
        using var stop = new CancellationTokenSource();
        var stopper = new Stopper(stop, atStep: 7);
        Assert.False(TranslatorTraining.Run(recipe, parts, options, stopper, stop.Token));
        Assert.True(TranslatorTraining.Run(recipe, parts, options with { Resume = true }, null,
            TestContext.Current.CancellationToken));
        foreach (var file in new[] { "model.safetensors", "config.json", "tokenizer.json", "training/state.safetensors", "training/loss.csv" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(parts, file)));
    }

    [Fact]
    public void TheValidationLossIsTheMeanOverAllTokensInPiecesOfTheContext()
    {
        const int context = 7;
        var config = DecoderOnlyPresets.Get("llama-tiny", 20);
        using var model = new DecoderOnly(config, learning: true);
        model.Parameters.Initialize(3);
        var random = new Random(4);
        int[] train = Draw(50), valid = Draw(40);
        var task = new LanguageTask(model, new TrainingOptions { BatchTokens = 21 }, train, valid, context);
        using var workspace = new Workspace(ThreadTeam.Shared);
        var loss = task.ValidationLoss(workspace);

        double sum = 0;
        for (var first = 0; first < valid.Length - 1; first += context)
        {
            var count = Math.Min(context, valid.Length - 1 - first);
            workspace.BeginStep();
            sum += model.Loss(workspace, new TokenSequences(valid.AsSpan(first, count), [count]), valid.AsSpan(first + 1, count), 0, 0).Loss;
        }
        Assert.Equal(sum / 39, loss, 1e-6);

        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(20))];
    }

    [Fact]
    public void BatchesAreAFunctionOfTheSeedAndTheirNumber()
    {
        using var model = new DecoderOnly(DecoderOnlyPresets.Get("llama-tiny", 1_000), learning: true);
        model.Parameters.Initialize(3);
        int[] train = [.. Enumerable.Range(0, 1_000)];
        using var workspace = new Workspace(ThreadTeam.Shared);
        Assert.Equal(Losses(seed: 1, skip: 0, 4)[2..], Losses(seed: 1, skip: 2, 2));
        Assert.NotEqual(Losses(seed: 1, skip: 0, 2), Losses(seed: 2, skip: 0, 2));

        double[] Losses(ulong seed, long skip, int count)
        {
            var task = new LanguageTask(model, new TrainingOptions { BatchTokens = 30, Seed = seed }, train, [1, 2], 10);
            using var batches = task.Open(skip);
            return [.. Enumerable.Range(0, count).Select(_ =>
            {
                batches.Next();
                workspace.BeginStep();
                return batches.Loss(workspace, 0, 0, 1).Loss;
            })];
        }
    }

    private sealed class Stopper(CancellationTokenSource stop, int atStep) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == atStep) stop.Cancel();
        }
    }
}
