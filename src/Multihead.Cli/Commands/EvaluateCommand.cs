using System.CommandLine;
using Multihead.Cli.Input;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Threading;
using Multihead.Text.Corpora;
using Multihead.Training;
using static System.FormattableString;

namespace Multihead.Cli.Commands;

/// <summary>Translates a test set and says how good that is.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private readonly Argument<string> _model = SearchOptions.Model();
    private readonly Argument<string> _sources = new("SOURCES") { Description = "A file with a text on every line, .gz too." };
    private readonly Argument<string> _references = new("REFERENCES") { Description = "Their translations, line by line." };
    private readonly Option<int?> _beam = SearchOptions.Beam();
    private readonly Option<string?> _out = new("--out")
    {
        Description = "A file for the model's translations.",
        HelpName = "FILE",
    };

    public EvaluateCommand() : base("evaluate", "Translate a test set and score it with BLEU and chrF.")
    {
        Add(_model);
        Add(_sources);
        Add(_references);
        Add(_beam);
        Add(_out);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead evaluate multihead-quickstart multihead-quickstart/test.en multihead-quickstart/test.de",
        "multihead evaluate run test.en test.de --beam 8 --out hypotheses.de --json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var output = invocation.Output;
        var pairs = ReadPairs(invocation.Get(_sources), invocation.Get(_references));
        using var model = EvaluatedModel.Load(invocation.Get(_model), ThreadTeam.Shared);
        string[] sources = [.. pairs.Select(pair => pair.Source)];
        if (LongLines.CountBefore(sources, model.Translator) is var readable && readable < sources.Length)
            throw LongLines.Fault(invocation.Get(_sources), readable + 1, sources[readable], model.Translator);

        var progress = new CountDisplay(output, "translated", pairs.Count);
        var quality = TranslationQuality.Measure(model.Translator, pairs, SearchOptions.Of(invocation.Get(_beam)), progress,
            invocation.Cancellation);
        var seconds = progress.Elapsed.TotalSeconds;
        progress.Finish();
        var loss = model.Loss(pairs);
        output.Result(quality.Bleu.Format(2));
        output.Result(quality.ChrF.Format(2));
        output.Result($"copying the source: {quality.CopyBleu.Format(2)}");
        output.Result(Invariant($"loss: {loss:F4} nats a token, perplexity {Math.Exp(loss):F2}"));
        output.Result(Invariant($"speed: {pairs.Count / seconds:F1} sentences a second"));
        if (invocation.Get(_out) is { } path)
            AtomicFile.WriteText(path, string.Concat(quality.Translations.Select(t => TranslationWriter.OneLine(t) + "\n")));
        if (!invocation.Get(JsonOption.Instance)) return;
        output.Json(json =>
        {
            json.WriteNumber("bleu", quality.Bleu.Score);
            json.WriteNumber("chrf", quality.ChrF.Score);
            json.WriteNumber("copyBleu", quality.CopyBleu.Score);
            json.WriteString("signature", quality.Bleu.Signature);
            json.WriteString("chrfSignature", quality.ChrF.Signature);
            JsonNumber.Write(json, "loss", loss);
            JsonNumber.Write(json, "perplexity", Math.Exp(loss));
            json.WriteNumber("sentences", pairs.Count);
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteNumber("sentencesPerSecond", Math.Round(pairs.Count / seconds, 2));
        });
    }

    private static IReadOnlyList<SentencePair> ReadPairs(string sources, string references)
    {
        var pairs = AlignedFiles.Read(sources, references).Pairs;
        for (var i = 0; i < pairs.Count; i++)
            if (pairs[i].Target.Length == 0)
                throw new MultiheadException($"'{references}', line {i + 1}, is empty, so there is nothing to score against; give it "
                    + "a text or leave the line out of both files.");
        return pairs;
    }
}
