namespace Multihead.Cli.Shell;

/// <summary>Ctrl-C has ended the command in good order. Exit code 130.</summary>
/// <param name="message">What was stopped where.</param>
/// <param name="advice">How to go on: a line of its own, to be copied.</param>
internal sealed class StoppedException(string message, string advice) : OperationCanceledException(message)
{
    public string Advice { get; } = advice;
}
