using System.CommandLine;

namespace Multihead.Cli.Shell;

/// <summary>Options whose value is one of a few words.</summary>
internal static class ChoiceOption
{
    /// <summary>An option that takes one of <paramref name="choices"/>, in any case; the first is the default.</summary>
    public static Option<string> Create(string name, string description, params string[] choices) =>
        Create(name, description, string.Join('|', choices), choices[0], choices);

    /// <summary>As the other, with a word for the value in the help and any default.</summary>
    public static Option<string> Create(
        string name, string description, string helpName, string defaultChoice, IReadOnlyList<string> choices)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => defaultChoice,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                var choice = choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (choice is null)
                    result.AddError($"{name} takes {string.Join(", ", choices.SkipLast(1))} or {choices[^1]}, not '{text}'.");
                return choice;
            },
        };
        option.CompletionSources.Add([.. choices]);
        return option;
    }
}
