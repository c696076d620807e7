namespace Multihead.Cli.Shell;

/// <summary>A command whose help ends with examples.</summary>
internal interface IHasExamples
{
    /// <summary>Whole command lines as the user would type them.</summary>
    IReadOnlyList<string> Examples { get; }
}
