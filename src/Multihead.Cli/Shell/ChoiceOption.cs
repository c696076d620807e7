using System.CommandLine;

namespace Multihead.Cli.Shell;

/// <summary>Options whose value is one of a few words.</summary>
internal static class ChoiceOption
{
    /// <summary>An option that takes one of <paramref name="choices"/>; the first is the default.</summary>
    public static Option<string> Create(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            DefaultValueFactory = _ => choices[0],
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (choices.Contains(text, StringComparer.Ordinal)) return text;
                result.AddError($"{name} takes {string.Join(", ", choices[..^1])} or {choices[^1]}, not '{text}'.");
                return null;
            },
        };
        option.CompletionSources.Add(choices);
        return option;
    }
}
