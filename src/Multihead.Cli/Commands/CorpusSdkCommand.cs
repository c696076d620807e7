using System.CommandLine;
using Multihead.Cli.Shell;
using Multihead.Text.Corpora;

namespace Multihead.Cli.Commands;

/// <summary>Writes the parallel corpus that the installed .NET SDK carries.</summary>
internal sealed class CorpusSdkCommand : ToolCommand
{
    private readonly Option<string> _from = CorpusOptions.SdkLanguage("--from", "The language to translate from.", "en");
    private readonly Option<string> _to = CorpusOptions.SdkLanguage("--to", "The language to translate into.", "de");
    private readonly Option<string> _out = CorpusOptions.Out();

    public CorpusSdkCommand() : base("sdk", "Write the messages of the .NET SDK, in two of its languages, as a split corpus.")
    {
        Add(_from);
        Add(_to);
        Add(_out);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead corpus sdk --out sdk-en-de",
        "multihead corpus sdk --from ja --to fr --out sdk-ja-fr --json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var (from, to) = (invocation.Get(_from)!, invocation.Get(_to)!);
        if (from == to) throw new UsageException($"--from and --to are both '{from}'; choose two different languages.");
        invocation.Output.Note("Reading the messages of the .NET SDK ...");
        var parts = CorpusParts.Of(SdkCorpus.Read(from, to));
        parts.WriteFiles(invocation.Get(_out)!, from, to);
        parts.Report(invocation.Output, invocation.Get(JsonOption.Instance));
    }
}
