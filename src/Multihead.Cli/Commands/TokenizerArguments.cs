using System.CommandLine;
using Multihead.Cli.Input;

namespace Multihead.Cli.Commands;

/// <summary>The arguments that the tokenizer's commands share.</summary>
internal static class TokenizerArguments
{
    /// <summary>A tokenizer.json, or the folder of one.</summary>
    public static Argument<string> Tokenizer() => new("TOKENIZER")
    {
        Description = "A tokenizer.json, or a folder that has one.",
    };

    /// <summary>The file to go through line by line.</summary>
    public static Argument<string> File() => new("FILE")
    {
        Description = "The text file; standard input by default.",
        DefaultValueFactory = _ => InputLines.StandardInput,
    };
}
