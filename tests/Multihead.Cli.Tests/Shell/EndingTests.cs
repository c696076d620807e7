namespace Multihead.Cli.Tests.Shell;

public class EndingTests
{
    [Fact]
    public void CtrlCEndsWith130AndOneWord()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("looks for the tool's threads in /proc");
        using var process = Tool.Start([Tool.Path, "doctor", "--threads", "2"]);
        while (!process.HasExited && !HasThreadTeam(process.Id)) Thread.Sleep(5); // by then it listens to signals
        Tool.Signal(process, Tool.SigInt);
        var result = Tool.Finish(process);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(["Stopped."], result.ErrorLines);
    }

    [Fact]
    public void AFullDiskIsOneSentence()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs /dev/full");
        using var process = Tool.StartShell($"dotnet '{Tool.Path}' doctor --threads 1 > /dev/full");
        Tool.Finish(process).FailedWith(1, "No space left");
    }

    private static bool HasThreadTeam(int processId) =>
        Directory.GetDirectories($"/proc/{processId}/task").Any(thread => NameOf(thread).StartsWith("multihead", StringComparison.Ordinal));

    private static string NameOf(string thread)
    {
        try { return File.ReadAllText(Path.Combine(thread, "comm")); }
        catch (IOException) { return ""; } // it has just ended
    }
}
