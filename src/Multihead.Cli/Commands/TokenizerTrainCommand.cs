using System.CommandLine;
using System.Globalization;
using Multihead.Cli.Input;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Text.Tokenizers;

namespace Multihead.Cli.Commands;

/// <summary>Learns a byte-level BPE vocabulary from text files.</summary>
internal sealed class TokenizerTrainCommand : ToolCommand
{
    private const int DefaultVocabulary = 8000;

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Text files to learn from, or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _vocabulary = NumberOption.Whole("--vocabulary",
        $"Tokens to have in the end; {DefaultVocabulary} by default.", 1, 1 << 24);

    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "tokenizer.json",
    };

    public TokenizerTrainCommand() : base("train", "Learn a byte-level BPE vocabulary and save it as a tokenizer.json.")
    {
        Add(_files);
        Add(_vocabulary);
        Add(_out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead tokenizer train train.en train.de",
        "multihead tokenizer train train.en train.de --vocabulary 16000 --out joint/tokenizer.json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var path = invocation.Get(_out)!;
        long lines = 0, characters = 0;
        var size = invocation.Get(_vocabulary) ?? DefaultVocabulary;
        var progress = new CountDisplay(invocation.Output, "tokens learned", size);
        var tokenizer = BytePairLearner.Learn(Counted(invocation.Get(_files).SelectMany(InputLines.Read)),
            new BytePairOptions { VocabularySize = size }, progress);
        progress.Finish();
        tokenizer.Save(path);
        Tables.WriteFacts(invocation.Output,
        [
            ("lines", lines.ToString(CultureInfo.InvariantCulture)),
            ("characters", characters.ToString(CultureInfo.InvariantCulture)),
            ("vocabulary", tokenizer.VocabularySize.ToString(CultureInfo.InvariantCulture)),
            ("saved", path),
        ]);

        IEnumerable<string> Counted(IEnumerable<string> texts)
        {
            foreach (var text in texts)
            {
                lines++;
                characters += text.Length;
                yield return text;
            }
        }
    }
}
