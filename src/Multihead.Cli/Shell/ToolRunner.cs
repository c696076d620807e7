using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Multihead.Cli.Output;

namespace Multihead.Cli.Shell;

/// <summary>Parses a command line, runs the command, and turns every ending into an exit code: 0 done, 1 failed, 2 not
/// understood, 130 stopped.</summary>
internal static class ToolRunner
{
    /// <summary>Does what the arguments say; returns the exit code and never throws.</summary>
    public static int Run(RootCommand root, string[] arguments)
    {
        var output = new ToolOutput();
        // Texts are arguments here: '@word' must not be read as the name of a response file.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, parser);
        try
        {
            if (parsed.Action is ParseErrorAction)
            {
                output.Fault(ParseFault.Describe(parsed), ParseFault.HelpHint(parsed));
                return ExitCode.Usage;
            }
            if (parsed.Action is null && parsed.CommandResult.Command is ToolCommand command) Run(command, parsed, output);
            else parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output.Results });
            output.Flush();
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            return Failure.Report(e, parsed, output);
        }
    }

    private static void Run(ToolCommand command, ParseResult parsed, ToolOutput output)
    {
        // Both are read by the library when it first computes, which is later than this.
        if (parsed.GetValue(GlobalOptions.NoJit)) Environment.SetEnvironmentVariable("MULTIHEAD_JIT", "0");
        if (parsed.GetValue(GlobalOptions.Threads) is { } threads)
            Environment.SetEnvironmentVariable("MULTIHEAD_THREADS", threads.ToString(CultureInfo.InvariantCulture));
        using var interruption = new Interruption();
        command.Run(new Invocation(parsed, output, interruption));
    }
}
