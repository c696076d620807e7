using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Multihead.Cli.Tests;

/// <summary>Runs the built tool as a process of its own, as a user would.</summary>
internal static partial class Tool
{
    public const int SigInt = 2;
    public const int SigKill = 9;

    /// <summary>The tool, where the build has put it beside the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "multihead.dll");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs it to its end; a run that takes three minutes fails the test.</summary>
    public static ToolResult Run(params string[] arguments) => Run(arguments, null);

    /// <summary>Runs it to its end, with standard input and further environment variables.</summary>
    public static ToolResult Run(string[] arguments, string? input, params (string Name, string Value)[] environment)
    {
        using var process = Start([Path, .. arguments], environment);
        return Finish(process, input);
    }

    /// <summary>Runs it to its end under a German locale. The tool is built for the invariant culture alone; this run takes that
    /// setting away, and skips the test where the system has no cultures.</summary>
    public static ToolResult RunGerman(ScratchFolder folder, params string[] arguments)
    {
        var settings = JsonNode.Parse(File.ReadAllText(System.IO.Path.ChangeExtension(Path, ".runtimeconfig.json")))!;
        settings["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"] = false;
        settings["runtimeOptions"]!["configProperties"]!["System.Globalization.PredefinedCulturesOnly"] = false;
        var changed = folder.Write("german.runtimeconfig.json", settings.ToJsonString());
        using var process = Start(["exec", "--runtimeconfig", changed, Path, .. arguments], ("LANG", "de_DE.UTF-8"),
            ("LC_ALL", "de_DE.UTF-8"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"));
        var result = Finish(process);
        if (result.Error.Contains("libicu", StringComparison.Ordinal)) Assert.Skip("needs ICU, which this system does not have");
        return result;
    }

    /// <summary>Runs a line of the POSIX shell to its end.</summary>
    public static ToolResult RunShell(string line)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("needs a POSIX shell");
        using var process = StartShell(line);
        return Finish(process);
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(Process process, int signal)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("sends signals and looks into /proc");
        Assert.Equal(0, Kill(process.Id, signal));
    }

    /// <summary>Starts "dotnet".</summary>
    public static Process Start(string[] arguments, params (string Name, string Value)[] environment) =>
        StartProgram("dotnet", arguments, environment);

    /// <summary>Starts a line of the POSIX shell.</summary>
    public static Process StartShell(string line) => StartProgram("sh", ["-c", line]);

    /// <summary>Starts a program with all three streams redirected, as UTF-8.</summary>
    private static Process StartProgram(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (InterruptIsIgnored) (program, arguments) = ("env", ["--default-signal=INT", program, .. arguments]);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    // A shell that runs tests in the background has them ignore Ctrl-C, and what they start would inherit that.
    private static bool InterruptIsIgnored { get; } = OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
        .Any(line => (Convert.ToUInt64(line[7..].Trim(), 16) & (1 << (SigInt - 1))) != 0);

    /// <summary>Writes the input, reads both outputs, waits for the end.</summary>
    public static ToolResult Finish(Process process, string? input = null)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException) { /* it ended without reading all: its outputs say why */ }
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{string.Join(' ', process.StartInfo.ArgumentList)}' was still running after {Patience}");
        }
        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
