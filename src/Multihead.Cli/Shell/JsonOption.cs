using System.CommandLine;

namespace Multihead.Cli.Shell;

/// <summary>--json, for the commands whose results programs read.</summary>
internal static class JsonOption
{
    public static Option<bool> Instance { get; } = new("--json")
    {
        Description = "End standard output with one line of JSON.",
    };
}
