using System.Globalization;
using Multihead.Inference;
using Multihead.Kernels.Threading;
using Multihead.Models.Configuration;
using Multihead.Text.Corpora;
using Multihead.Training;
using Multihead.Training.Recipes;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Models.Checkpoints;

/// <summary>Made the checkpoints that stand beside this file, by learning five phrases by heart. Those of a closed issue are
/// never made again: they show that what was written then still loads. Run by name:
/// <c>Multihead.Tests --explicit only --filter-class '*CheckpointMaker'</c>.</summary>
public class CheckpointMaker
{
    private static readonly (string Source, string Target)[] Phrases =
    [
        ("good morning", "guten Morgen"),
        ("good night", "gute Nacht"),
        ("thank you", "danke schön"),
        ("one, two, three", "eins, zwei, drei"),
        ("the file was not found", "die Datei wurde nicht gefunden"),
    ];

    [Theory(Explicit = true)]
    [InlineData("issue-2/post-norm", NormPlacement.Post)] // in MarianMT's keys
    [InlineData("issue-2/pre-norm", NormPlacement.Pre)] // in our own
    public void Make(string name, NormPlacement placement)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllLines(scratch["en"], Phrases.Select(p => p.Source));
        File.WriteAllLines(scratch["de"], Phrases.Select(p => p.Target));
        using (var run = TrainingRun.Prepare(Recipe(placement), scratch.FullPath, scratch["run"], ThreadTeam.Shared))
        using (var trainer = run.Start()) Assert.True(trainer.Run(null, TestContext.Current.CancellationToken));

        var folder = Directory.CreateDirectory(CheckpointTests.FolderOf(name)).FullName;
        foreach (var file in new[] { "config.json", "model.safetensors", "tokenizer.json" })
            File.Copy(Path.Combine(scratch["run"], file), Path.Combine(folder, file), overwrite: true);
        using var translator = Translator.Load(folder);
        var translations = translator.TranslateBatch([.. Phrases.Select(p => p.Source)],
            cancellation: TestContext.Current.CancellationToken);
        File.WriteAllLines(Path.Combine(folder, "expected.tsv"), translations.Select((t, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{Phrases[i].Source}\t{t.Text}\t{t.Score:F4}")));
        Assert.Equal(Phrases.Select(p => p.Target), translations.Select(t => t.Text));
    }

    private static Recipe Recipe(NormPlacement placement) => new()
    {
        Data = new AlignedData { TrainSource = "en", TrainTarget = "de", ValidSource = "en", ValidTarget = "de" },
        Filter = new CorpusFilter(),
        VocabularySize = 270,
        Model = new ModelRecipe
        {
            Preset = "transformer-tiny",
            ModelDim = 8,
            HeadCount = 2,
            FeedForwardDim = 16,
            EncoderLayerCount = 1,
            DecoderLayerCount = 1,
            NormPlacement = placement,
            Positions = new SinusoidalPositionsConfig(100),
            Dropout = 0,
        },
        Training = new TrainingOptions
        {
            Steps = 3000,
            BatchTokens = 200,
            Schedule = new LinearSchedule { PeakRate = 1e-2, WarmupSteps = 200 },
            LabelSmoothing = 0.1, // leaves scores that tell something
            ValidateEvery = 500,
            SaveEvery = 3000,
            AveragedStates = 1,
        },
    };
}
