using Multihead.Inference;
using Multihead.Training;
using Multihead.Training.Recipes;

namespace Multihead.Tests.Training;

/// <summary>The library's door to learning: from a recipe to a folder that a translator opens.</summary>
public sealed class TranslatorTrainingTests : IDisposable
{
    private const int Steps = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("multihead-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ARecipeBecomesATranslator()
    {
        var seen = new List<int>();
        Assert.True(Run("run", new Listener(p => seen.Add(p.Step))));

        Assert.Equal(Enumerable.Range(1, Steps), seen);
        using var translator = Translator.Load(Folder("run"));
        Assert.Equal(16, translator.Config.ModelDim);
        Assert.Single(translator.Translate("one two three", new TranslationOptions { MaxExtraTokens = 2 },
            TestContext.Current.CancellationToken).Hypotheses);
    }

    [Fact]
    public void AStoppedAndResumedRunLearnsTheSameBits()
    {
        Assert.True(Run("whole"));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Assert.False(Run("parts", new Listener(p => { if (p.Step == 5) stop.Cancel(); }), resume: false, stop.Token));
        Assert.True(Run("parts", null, resume: true));

        foreach (var file in new[] { "model.safetensors", "training/state.safetensors", "training/loss.csv" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("whole"), file)), File.ReadAllBytes(Path.Combine(Folder("parts"), file)));
    }

    private bool Run(string folder, Listener? listener = null, bool resume = false, CancellationToken? stop = null) =>
        TranslatorTraining.Run(TinyRecipe(), Folder(folder), new RunOptions { DataFolder = _folder, Resume = resume }, listener,
            stop ?? TestContext.Current.CancellationToken);

    private string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>Counting words into German, learned by a model of a few thousand values.</summary>
    private Recipe TinyRecipe()
    {
        string[] english = ["one", "two", "three", "four", "five"];
        string[] german = ["eins", "zwei", "drei", "vier", "fünf"];
        File.WriteAllLines(Folder("source"), Enumerable.Range(0, 25).Select(i => $"{english[i / 5]} {english[i % 5]}"));
        File.WriteAllLines(Folder("target"), Enumerable.Range(0, 25).Select(i => $"{german[i / 5]} {german[i % 5]}"));
        return new Recipe
        {
            Data = new AlignedData { TrainSource = "source", TrainTarget = "target", ValidSource = "source", ValidTarget = "target" },
            VocabularySize = 270,
            Model = new ModelRecipe { ModelDim = 16, HeadCount = 2, FeedForwardDim = 32, EncoderLayerCount = 1, DecoderLayerCount = 1 },
            Training = new TrainingOptions { Steps = Steps, BatchTokens = 100, ValidateEvery = 2, SaveEvery = 2, AveragedStates = 2 },
        };
    }

    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listen(value);
    }
}
