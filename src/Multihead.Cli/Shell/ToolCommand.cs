using System.CommandLine;

namespace Multihead.Cli.Shell;

/// <summary>A command that does something. It has no action of the parser's: <see cref="ToolRunner"/> calls
/// <see cref="Run"/>, so that output, cancellation and failures are the same for all.</summary>
internal abstract class ToolCommand(string name, string description) : Command(name, description), IHasExamples
{
    /// <inheritdoc/>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Does the work. What the user gave wrongly is a <see cref="UsageException"/>, what fails a
    /// <see cref="MultiheadException"/>.</summary>
    public abstract void Run(Invocation invocation);
}
