namespace Multihead.Cli.Shell;

/// <summary>The command line asks for something that it cannot mean; found after parsing. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
