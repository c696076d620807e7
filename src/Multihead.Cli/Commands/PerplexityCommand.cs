using System.CommandLine;
using System.Globalization;
using System.Text;
using Multihead.Cli.Input;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Inference;

namespace Multihead.Cli.Commands;

/// <summary>How well a language model predicts a text: by token, and by byte and word, which do not depend on its vocabulary.
/// </summary>
internal sealed class PerplexityCommand : ToolCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The folder of a language model." };

    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The text, UTF-8; standard input without it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public PerplexityCommand() : base("perplexity", "Measure how well a language model predicts a text.")
    {
        Add(_model);
        Add(_file);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead perplexity shakespeare play.txt",
        "multihead perplexity shakespeare --json < play.txt",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var text = invocation.Get(_file) is { } file ? InputText.ReadFile(file) : InputText.ReadStandardInput(invocation.Output);
        using var generator = Generator.Load(invocation.Get(_model));
        using var late = new LateNote("Predicting the text ...");
        var score = generator.Score(text, invocation.Cancellation);
        if (score.Tokens.Count == 0) throw new MultiheadException("The text has no token to predict; give a longer one.");
        var bytes = Encoding.UTF8.GetByteCount(text);
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        var nats = -score.LogProbability;
        Tables.WriteFacts(invocation.Output,
        [
            ("tokens", score.Tokens.Count.ToString(CultureInfo.InvariantCulture)),
            ("nats a token", Show(nats / score.Tokens.Count)),
            ("perplexity of a token", Show(score.Perplexity)),
            ("perplexity of a word", Show(Math.Exp(nats / words))),
            ("bits a byte", Show(nats / bytes / Math.Log(2))),
        ]);
        if (!invocation.Get(JsonOption.Instance)) return;
        invocation.Output.Json(json =>
        {
            json.WriteNumber("tokens", score.Tokens.Count);
            json.WriteNumber("words", words);
            json.WriteNumber("bytes", bytes);
            JsonNumber.Write(json, "natsPerToken", nats / score.Tokens.Count);
            JsonNumber.Write(json, "perplexity", score.Perplexity);
            JsonNumber.Write(json, "wordPerplexity", Math.Exp(nats / words));
            JsonNumber.Write(json, "bitsPerByte", nats / bytes / Math.Log(2));
        });
    }

    private static string Show(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
