using System.CommandLine;
using Multihead.Cli.Commands;

namespace Multihead.Cli.Tests.Shell;

public class CommandListTests
{
    /// <summary>Frozen: few flags. A new one wants a reason, and its line here.</summary>
    private static readonly string[] Known =
    [
        "multihead --help --version --verbose --threads --no-jit",
        "multihead doctor --json",
        "multihead bench",
        "multihead bench peak --json",
        "multihead bench gemm --size --json",
        "multihead bench attention --json",
        "multihead bench train --preset --precision --json",
        "multihead quickstart --from --to --minutes --steps --out --json",
        "multihead train RECIPE --resume --out --set --json",
        "multihead translate MODEL TEXT --input --beam --length-penalty --best --json",
        "multihead generate MODEL PROMPT --tokens --temperature --top-k --top-p --seed --stop --json",
        "multihead perplexity MODEL FILE --json",
        "multihead evaluate MODEL SOURCES REFERENCES --beam --out --json",
        "multihead score HYPOTHESES REFERENCES --metric --tokenize --json",
        "multihead corpus",
        "multihead corpus sdk --from --to --out --json",
        "multihead corpus split FILES --out --json",
        "multihead tokenizer",
        "multihead tokenizer train FILE --vocabulary --out",
        "multihead tokenizer encode TOKENIZER FILE --pieces",
        "multihead tokenizer decode TOKENIZER FILE",
    ];

    [Fact]
    public void CommandsAndOptionsAreThoseListed() =>
        Assert.Equal(
            Known.Order(StringComparer.Ordinal),
            Describe(CommandList.CreateRoot(), "multihead").Order(StringComparer.Ordinal));

    [Fact]
    public void HelpOfEveryCommandHasExamplesOfIt()
    {
        foreach (var path in Paths(CommandList.CreateRoot(), "multihead"))
        {
            var result = Tool.Run([.. path.Split(' ').Skip(1), "--help"]).Succeeded();
            Assert.Empty(result.Error);
            var examples = result.OutputLines.SkipWhile(line => line != "Examples:").Skip(1).ToArray();
            Assert.NotEmpty(examples);
            Assert.All(examples, example => Assert.Contains(path, example, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ExamplesAreUnderstoodByTheParser()
    {
        var root = CommandList.CreateRoot();
        var examples = Commands(root).OfType<Cli.Shell.IHasExamples>().SelectMany(command => command.Examples).ToArray();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            // What follows a pipe or a redirection is the shell's.
            var own = example.Split(" | ").First(part => part.StartsWith("multihead", StringComparison.Ordinal));
            own = own.Split(" < ")[0].Split(" > ")[0];
            Assert.Empty(root.Parse(own["multihead".Length..]).Errors);
        }
    }

    private static IEnumerable<string> Describe(Command command, string path)
    {
        var arguments = command.Arguments.Select(argument => argument.Name);
        yield return string.Join(' ', [path, .. arguments, .. command.Options.Select(option => option.Name)]);
        foreach (var member in command.Subcommands)
            foreach (var line in Describe(member, $"{path} {member.Name}")) yield return line;
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        [path, .. command.Subcommands.SelectMany(member => Paths(member, $"{path} {member.Name}"))];

    private static IEnumerable<Command> Commands(Command command) => [command, .. command.Subcommands.SelectMany(Commands)];
}
