using System.CommandLine;

namespace Multihead.Cli.Shell;

/// <summary>A command that only holds others; its examples are the first one of each.</summary>
internal sealed class CommandGroup : Command, IHasExamples
{
    /// <summary>Makes the group of its members.</summary>
    public CommandGroup(string name, string description, params ToolCommand[] members) : base(name, description)
    {
        foreach (var member in members) Add(member);
        Examples = [.. members.Select(member => member.Examples[0])];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples { get; }
}
