using System.CommandLine;
using Multihead.Cli.Shell;
using Multihead.Text.Corpora;

namespace Multihead.Cli.Commands;

/// <summary>Splits the user's own parallel text as the SDK's is split.</summary>
internal sealed class CorpusSplitCommand : ToolCommand
{
    private readonly Argument<string[]> _files = new("FILES")
    {
        Description = "Two files whose lines translate each other, or one with two columns parted by a tab; .gz is unpacked.",
        Arity = new ArgumentArity(1, 2),
    };

    private readonly Option<string> _out = CorpusOptions.Out();

    public CorpusSplitCommand() : base("split", "Split parallel text into training, validation and test files.")
    {
        Add(_files);
        Add(_out);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead corpus split all.en.gz all.de.gz --out split",
        "multihead corpus split tatoeba.tsv --out split --json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var files = invocation.Get(_files);
        var parts = CorpusParts.Of(files.Length == 2 ? AlignedFiles.Read(files[0], files[1]) : TsvFile.Read(files[0]));
        parts.WriteFiles(invocation.Get(_out)!, "source", "target");
        parts.Report(invocation.Output, invocation.Get(JsonOption.Instance));
    }
}
