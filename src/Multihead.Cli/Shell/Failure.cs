using System.CommandLine;
using Multihead.Cli.Output;

namespace Multihead.Cli.Shell;

/// <summary>Turns what a command threw into one sentence and an exit code.</summary>
internal static class Failure
{
    /// <summary>Says it on standard error, with the stack trace under --verbose; returns the exit code.</summary>
    public static int Report(Exception exception, ParseResult parsed, ToolOutput output)
    {
        while (exception is AggregateException { InnerExceptions: [var only] }) exception = only;
        if (StandardOutput.IsBrokenPipe(exception)) return ExitCode.Done; // the reader has seen enough
        var (sentence, code) = Describe(exception);
        output.Fault(sentence, parsed.GetValue(GlobalOptions.Verbose) ? exception.ToString()
            : exception is UsageException ? ParseFault.HelpHint(parsed) : (exception as StoppedException)?.Advice);
        return code;
    }

    /// <summary>The sentence for people, without a stack trace, and the exit code.</summary>
    internal static (string Sentence, int Code) Describe(Exception exception) => exception switch
    {
        StoppedException => (Sentence.Flatten(exception.Message), ExitCode.Stopped),
        OperationCanceledException => ("Stopped.", ExitCode.Stopped),
        UsageException => (Sentence.Flatten(exception.Message), ExitCode.Usage),
        MultiheadException or IOException or UnauthorizedAccessException =>
            (Sentence.Flatten(exception.Message), ExitCode.Failed),
        OutOfMemoryException => ("There is not enough memory for this; close other programs or give it less to do.",
            ExitCode.Failed),
        _ => ($"Something unexpected went wrong ({exception.GetType().Name}: {Sentence.Flatten(exception.Message).TrimEnd('.')}); "
            + "--verbose shows where.", ExitCode.Failed),
    };
}
