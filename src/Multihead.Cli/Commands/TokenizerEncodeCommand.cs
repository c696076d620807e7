using System.CommandLine;
using System.Globalization;
using Multihead.Cli.Input;
using Multihead.Cli.Shell;
using Multihead.Text.Tokenizers;

namespace Multihead.Cli.Commands;

/// <summary>Turns each line of text into one line of token ids.</summary>
internal sealed class TokenizerEncodeCommand : ToolCommand
{
    private readonly Argument<string> _tokenizer = TokenizerArguments.Tokenizer();
    private readonly Argument<string> _file = TokenizerArguments.File();
    private readonly Option<bool> _pieces = new("--pieces") { Description = "Show the tokens' spellings instead of their ids." };

    public TokenizerEncodeCommand() : base("encode", "Turn each line of text into a line of token ids.")
    {
        Add(_tokenizer);
        Add(_file);
        Add(_pieces);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead tokenizer encode tokenizer.json train.en > train.ids",
        "echo 'Attention is all you need.' | multihead tokenizer encode tokenizer.json --pieces",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var tokenizer = Tokenizer.Load(invocation.Get(_tokenizer));
        Func<int, string> spell = invocation.Get(_pieces)
            ? tokenizer.IdToToken
            : static id => id.ToString(CultureInfo.InvariantCulture);
        var ids = new List<int>();
        foreach (var line in InputLines.Read(invocation.Get(_file)))
        {
            ids.Clear();
            tokenizer.Encode(line.AsSpan(), ids);
            invocation.Output.Result(string.Join(' ', ids.Select(spell)));
        }
    }
}
