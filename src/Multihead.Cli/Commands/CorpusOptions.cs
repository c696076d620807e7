using System.CommandLine;
using Multihead.Cli.Shell;
using Multihead.Text.Corpora;

namespace Multihead.Cli.Commands;

/// <summary>The options that the commands about corpora share.</summary>
internal static class CorpusOptions
{
    /// <summary>A language of the .NET SDK's messages.</summary>
    public static Option<string> SdkLanguage(string name, string description, string defaultLanguage) =>
        ChoiceOption.Create(name, description, "LANGUAGE", defaultLanguage, SdkCorpus.Languages);

    /// <summary>The folder that the parts are written to.</summary>
    public static Option<string> Out() => new("--out")
    {
        Description = "The folder to write to.",
        HelpName = "FOLDER",
        Required = true,
    };
}
