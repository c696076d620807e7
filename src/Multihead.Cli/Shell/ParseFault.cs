using System.CommandLine;
using System.CommandLine.Parsing;

namespace Multihead.Cli.Shell;

/// <summary>What is wrong with a command line, as one sentence.</summary>
internal static class ParseFault
{
    /// <summary>The most telling of the parser's errors: a word that it does not know comes before a
    /// wrong value, and that before a missing command.</summary>
    public static string Describe(ParseResult parsed)
    {
        var path = PathOf(parsed.CommandResult);
        if (parsed.UnmatchedTokens.Count > 0) return DescribeUnknown(parsed, parsed.UnmatchedTokens[0], path);
        var error = parsed.Errors.FirstOrDefault(error => error.SymbolResult is not CommandResult) ?? parsed.Errors[0];
        return error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0, Argument: var argument, Parent: CommandResult } =>
                $"'{path}' needs {argument.Name.ToUpperInvariant()}, which is missing.",
            CommandResult { Command.Subcommands: { Count: > 0 } members } =>
                $"'{path}' needs one of its commands: {string.Join(", ", members.Select(member => member.Name))}.",
            _ => Sentence.Flatten(error.Message),
        };
    }

    /// <summary>Where to read more.</summary>
    public static string HelpHint(ParseResult parsed) => $"Run '{PathOf(parsed.CommandResult)} --help'.";

    private static string DescribeUnknown(ParseResult parsed, string word, string path)
    {
        var command = parsed.CommandResult.Command;
        var isOption = word.StartsWith("--", StringComparison.Ordinal);
        var known = isOption ? KnownOptions(parsed.CommandResult) : command.Subcommands.Select(member => member.Name);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "further argument";
        var nearest = NearestName.Of(word, known);
        var isLikely = nearest is not null && NearestName.Edits(word, nearest) <= word.Length / 2;
        return $"'{path}' has no {kind} '{word}'{(isLikely ? $"; did you mean '{nearest}'?" : ".")}";
    }

    private static IEnumerable<string> KnownOptions(CommandResult result)
    {
        var own = result.Command.Options;
        var inherited = Ancestors(result).SelectMany(ancestor => ancestor.Command.Options).Where(option => option.Recursive);
        return own.Concat(inherited).Select(option => option.Name);
    }

    private static IEnumerable<CommandResult> Ancestors(CommandResult result)
    {
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
            yield return above;
    }

    private static string PathOf(CommandResult result) =>
        string.Join(' ', Ancestors(result).Reverse().Append(result).Select(step => step.Command.Name));
}
