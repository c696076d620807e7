using System.CommandLine;
using System.Text.RegularExpressions;

namespace Multihead.Cli.Tests.Shell;

/// <summary>Finds command lines of the tool in pages and recipes.</summary>
internal static partial class WrittenCommandLines
{
    /// <summary>The lines of shell blocks that call the tool, and in recipes those of comments; without "multihead".</summary>
    public static IEnumerable<string> Whole(string text) =>
        Calls().Matches(string.Concat(ShellBlocks().Matches(text).Select(block => block.Value + "\n")))
            .Concat(Comments().Matches(text))
            .Select(call => ForTheShell().Replace(call.Groups["arguments"].Value, "").Trim());

    /// <summary>Those between backticks in running text, whose arguments may be left out.</summary>
    public static IEnumerable<string> Quoted(string text) =>
        Backticks().Matches(ShellBlocks().Replace(text, "")).Select(call => call.Groups["arguments"].Value);

    /// <summary>What the parser finds wrong.</summary>
    /// <param name="root">The tool's command line.</param>
    /// <param name="arguments">What stands behind "multihead".</param>
    /// <param name="whole">Whether nothing that is required may be missing.</param>
    public static IEnumerable<string> Faults(RootCommand root, string arguments, bool whole)
    {
        var parsed = root.Parse(arguments);
        return parsed.UnmatchedTokens.Select(word => $"'{word}' is unknown")
            .Concat(whole ? parsed.Errors.Select(error => error.Message) : [])
            .Select(fault => $"multihead {arguments}: {fault}");
    }

    [GeneratedRegex("^```(?:sh)?\n.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex("^(?:multihead|dotnet run -c Release --project src/Multihead\\.Cli --) (?<arguments>.+)$", RegexOptions.Multiline)]
    private static partial Regex Calls();

    [GeneratedRegex(@"^\s*//\s+multihead (?<arguments>.+)$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex("`multihead (?<arguments>[^`\n]+)`")]
    private static partial Regex Backticks();

    // A comment, a pipe, or a redirection.
    [GeneratedRegex(@"\s(?:#|\||<|>)\s.*$")]
    private static partial Regex ForTheShell();
}
