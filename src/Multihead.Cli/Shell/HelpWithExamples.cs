using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Multihead.Cli.Shell;

/// <summary>The parser's help, and below it the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly string[] RootExamples =
    [
        "multihead quickstart",
        "multihead translate multihead-quickstart \"The file could not be found.\"",
        "multihead train recipe.json",
    ];

    /// <summary>Puts it in the place of the plain help of <paramref name="root"/> and all commands below.</summary>
    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        var command = parseResult.CommandResult.Command;
        foreach (var example in command is IHasExamples some ? some.Examples : RootExamples) output.WriteLine("  " + example);
        return code;
    }
}
