using System.CommandLine;

namespace Multihead.Cli.Shell;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    /// <summary>Shows the stack trace of a failure.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show the details of a failure.",
        Recursive = true,
    };

    /// <summary>How many threads compute; null where it is left to the machine.</summary>
    public static Option<int?> Threads { get; } = CreateThreads();

    /// <summary>Has the generic loops of the library do what assembled code would.</summary>
    public static Option<bool> NoJit { get; } = new("--no-jit")
    {
        Description = "Assemble no machine code; products run on .NET's vectors.",
        Recursive = true,
    };

    private static Option<int?> CreateThreads()
    {
        var option = NumberOption.Whole("--threads", "Threads that compute; all processors by default.", 1, 1024);
        option.Recursive = true;
        return option;
    }
}
