using System.Diagnostics;
using System.Text;

namespace Multihead.Cli.Tests;

/// <summary>Runs the built tool as a process of its own, as a user would.</summary>
internal static class Tool
{
    /// <summary>The tool, where the build has put it beside the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "multihead.dll");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end; a run that takes a minute fails the test.</summary>
    public static ToolResult Run(params string[] arguments) => Run(arguments, null);

    /// <summary>Runs it to its end, with standard input and further environment variables.</summary>
    public static ToolResult Run(string[] arguments, string? input, params (string Name, string Value)[] environment)
    {
        using var process = Start([Path, .. arguments], environment);
        return Finish(process, input);
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
}
