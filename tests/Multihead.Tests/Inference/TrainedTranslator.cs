using Multihead.Inference;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;
using Multihead.Tests.Training;
using Multihead.Text.Tokenizers;
using Multihead.Training;
using Multihead.Training.Batches;
using Multihead.Training.Reports;
using Multihead.Training.Schedules;
using Multihead.Training.Tasks;

namespace Multihead.Tests.Inference;

/// <summary>A translator that has learned twenty sentences by heart, in a folder of its own. Made once for all tests that want
/// it; its vocabulary is little more than the bytes, so that characters are spread over tokens.</summary>
public sealed class TrainedTranslator : IDisposable
{
    internal const string Name = "a trained translator";

    private readonly ScratchFolder _folder = new();

    public TrainedTranslator()
    {
        var tokenizer = BytePairLearner.Learn(Pairs.SelectMany(pair => new[] { pair.Source, pair.Target }),
            new BytePairOptions { VocabularySize = 320 });
        var config = TinyModel.Config(tokenizer.VocabularySize, dim: 64, maxLength: 100) with
        {
            EndOfSentenceId = tokenizer.EndOfSentenceId,
            PaddingId = tokenizer.PaddingId,
            DecoderStartId = tokenizer.PaddingId,
        };
        var corpus = new EncodedCorpus();
        foreach (var (source, target) in Pairs) corpus.Add(tokenizer.Encode(source), tokenizer.Encode(target));
        using var model = new EncoderDecoder(config, learning: true);
        var run = new RunFolder(Folder);
        var options = new TrainingOptions
        {
            Steps = 250,
            BatchTokens = 1_024,
            Schedule = new LinearSchedule { PeakRate = 0.005, WarmupSteps = 20 },
            LabelSmoothing = 0,
            AveragedStates = 1,
            ValidateEvery = 1_000,
        };
        using var trainer = new Trainer(new TranslationTask(model, options, corpus, corpus), options, run, ThreadTeam.Shared);
        trainer.Begin();
        trainer.Run(null, CancellationToken.None);
        ModelConfigJson.Write(run.Config, config);
        tokenizer.Save(run.Tokenizer);
        Losses = [.. LossLog.Read(run.LossLog).Select(row => row.Loss)];
        Translator = Translator.Load(Folder);
    }

    internal static IReadOnlyList<(string Source, string Target)> Pairs { get; } =
    [
        ("Good morning.", "Guten Morgen."),
        ("Good night.", "Gute Nacht."),
        ("Where is the station?", "Wo ist der Bahnhof?"),
        ("Where is the street?", "Wo ist die Straße?"),
        ("The bridge is closed.", "Die Brücke ist geschlossen."),
        ("The door is open.", "Die Tür ist offen."),
        ("This costs five euros.", "Das kostet 5 €."),
        ("I am happy.", "Ich freue mich 😀."),
        ("I am tired.", "Ich bin müde."),
        ("She reads a book.", "Sie liest ein Buch."),
        ("He writes a letter.", "Er schreibt einen Brief."),
        ("We drink tea.", "Wir trinken Tee."),
        ("They are playing outside.", "Sie spielen draußen."),
        ("The train is late.", "Der Zug hat Verspätung."),
        ("It is raining.", "Es regnet."),
        ("The sun is shining.", "Die Sonne scheint."),
        ("Please close the window.", "Bitte schließen Sie das Fenster."),
        ("Thank you very much.", "Vielen Dank."),
        ("See you tomorrow!", "Bis morgen!"),
        ("How old are you?", "Wie alt bist du?"),
    ];

    internal string Folder => _folder.FullPath;

    internal Translator Translator { get; }

    /// <summary>Of every step.</summary>
    internal float[] Losses { get; }

    public void Dispose()
    {
        Translator.Dispose();
        _folder.Dispose();
    }

    /// <summary>A copy of the checkpoint, to be changed.</summary>
    internal ScratchFolder Copy()
    {
        var copy = new ScratchFolder();
        foreach (var name in new[] { ModelConfigJson.FileName, SafetensorsFolder.FileName, "tokenizer.json" })
            File.Copy(Path.Combine(Folder, name), copy[name]);
        return copy;
    }
}

[CollectionDefinition(TrainedTranslator.Name)]
public sealed class TrainedTranslatorCollection : ICollectionFixture<TrainedTranslator>;
