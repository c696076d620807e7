using System.CommandLine;
using System.Globalization;
using Multihead.Cli.Input;
using Multihead.Cli.Shell;
using Multihead.Text.Tokenizers;

namespace Multihead.Cli.Commands;

/// <summary>Turns each line of token ids back into text.</summary>
internal sealed class TokenizerDecodeCommand : ToolCommand
{
    private readonly Argument<string> _tokenizer = TokenizerArguments.Tokenizer();
    private readonly Argument<string> _file = TokenizerArguments.File();

    public TokenizerDecodeCommand() : base("decode", "Turn each line of token ids back into text.")
    {
        Add(_tokenizer);
        Add(_file);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead tokenizer decode tokenizer.json train.ids",
        "multihead tokenizer encode tokenizer.json train.en | multihead tokenizer decode tokenizer.json",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var tokenizer = Tokenizer.Load(invocation.Get(_tokenizer));
        var file = invocation.Get(_file);
        var number = 0L;
        foreach (var line in InputLines.Read(file))
        {
            number++;
            var ids = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Parse(word, tokenizer, file, number));
            invocation.Output.Result(tokenizer.Decode([.. ids]));
        }
    }

    private static int Parse(string word, Tokenizer tokenizer, string file, long line) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < tokenizer.VocabularySize
            ? id
            : throw new MultiheadException($"{InputLines.NameOf(file)}, line {line}, has '{word}', which is no token id of this "
                + $"tokenizer; its ids are 0 to {tokenizer.VocabularySize - 1}.");
}
