using System.CommandLine;
using Multihead.Cli.Input;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Inference;

namespace Multihead.Cli.Commands;

/// <summary>Translates texts of the command line, or the lines of a file or a pipe, one line each.</summary>
internal sealed class TranslateCommand : ToolCommand
{
    private const int LinesAtOnce = 256;

    private readonly Argument<string> _model = SearchOptions.Model();

    private readonly Argument<string[]> _texts = new("TEXT")
    {
        Description = "Texts to translate; without any, the lines of --input.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _input = new("--input")
    {
        Description = "A file with a text on every line, .gz too; standard input (-) by default.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _beam = SearchOptions.Beam();
    private readonly Option<double?> _lengthPenalty = SearchOptions.LengthPenalty();

    private readonly Option<int?> _best = NumberOption.Whole("--best",
        "Show so many translations of each text: rank, score and text between tabs.", 1, TranslationOptions.MostBeams);

    public TranslateCommand() : base("translate", "Translate texts, or a text on every line of a file or a pipe.")
    {
        Add(_model);
        Add(_texts);
        Add(_input);
        Add(_beam);
        Add(_lengthPenalty);
        Add(_best);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead translate multihead-quickstart \"The file could not be found.\"",
        "multihead translate multihead-quickstart --input messages.en.gz > messages.de",
        "multihead translate multihead-quickstart --best 3 --beam 8 \"Access denied.\" --json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var (texts, input, best) = (invocation.Get(_texts), invocation.Get(_input), invocation.Get(_best));
        var options = SearchOptions.Of(invocation.Get(_beam), invocation.Get(_lengthPenalty), best);
        if (texts.Length > 0 && input is not null)
            throw new UsageException("Both TEXT and --input are given; choose one.");
        if (options.BestCount > options.BeamSize)
            throw new UsageException($"--best {options.BestCount} is more than --beam {options.BeamSize}; raise --beam to it.");
        using var translator = Translator.Load(invocation.Get(_model));
        var writer = new TranslationWriter(invocation.Output, asRanks: best is not null, invocation.Get(JsonOption.Instance));
        if (texts.Length > 0) writer.Write(translator.TranslateBatch(texts, options));
        else TranslateLines(invocation, translator, input ?? InputLines.StandardInput, options, writer);
        writer.Finish();
    }

    private static void TranslateLines(Invocation invocation, Translator translator, string input, TranslationOptions options,
        TranslationWriter writer)
    {
        if (input == InputLines.StandardInput && !Console.IsInputRedirected)
            invocation.Output.Note($"Type a text a line; {(OperatingSystem.IsWindows() ? "Ctrl-Z" : "Ctrl-D")} ends.");
        // Of a pipe the length is not known; a file is read once more for it, which also tells its faults before the work begins.
        var progress = input != InputLines.StandardInput && new FileInfo(input) is { Exists: true, Length: > 0 }
            ? new CountDisplay(invocation.Output, "lines translated", InputLines.Read(input).Count())
            : null;
        foreach (var group in ArrivingLines.Groups(InputLines.Read(input), LinesAtOnce))
        {
            var readable = LongLines.CountBefore(group, translator);
            writer.Write(translator.TranslateBatch(group.Take(readable).ToArray(), options));
            if (readable < group.Count) throw LongLines.Fault(input, writer.Count + 1, group[readable], translator);
            progress?.Report(writer.Count);
        }
        progress?.Finish();
    }
}
