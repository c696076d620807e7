using System.CommandLine;
using Multihead.Cli.Output;

namespace Multihead.Cli.Shell;

/// <summary>One run of a command.</summary>
/// <param name="arguments">What was parsed from the command line.</param>
/// <param name="output">Where results and notes go.</param>
/// <param name="interruption">Where Ctrl-C arrives.</param>
internal sealed class Invocation(ParseResult arguments, ToolOutput output, Interruption interruption)
{
    public ToolOutput Output => output;

    /// <summary>Cancelled by Ctrl-C and SIGTERM. A command that never asks for it is ended by them at once.</summary>
    public CancellationToken Cancellation => interruption.Listen();

    /// <summary>The value of an option; its default, or null, where it was not given.</summary>
    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    /// <summary>The value of an argument that must be given.</summary>
    public T Get<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);
}
