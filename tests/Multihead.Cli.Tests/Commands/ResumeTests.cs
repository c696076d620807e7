using System.Diagnostics;

namespace Multihead.Cli.Tests.Commands;

/// <summary>Whatever ends "train", and however often: gone on with, it leaves the folder of a run never stopped, byte for byte.
/// </summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly int Steps = TestScale.Of(1000);
    private readonly ScratchFolder _folder = new();
    private readonly string _recipe;

    public ResumeTests() => _recipe = TinyCorpus.Write(_folder, Steps, saveEvery: 20, modelDim: 32, pairs: 300);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void KilledAndStoppedAtAnyMomentItGoesOnAsIfNeverStopped()
    {
        Tool.Run("train", _recipe, "--out", _folder["whole"]).Succeeded();
        Assert.Equal(Steps + 1, File.ReadLines(_folder["whole/training/loss.csv"]).Count());

        KillTwentyTimes(_folder["stopped"], seed: 1);
        var goOn = StopByCtrlC(_folder["stopped"]);
        Tool.RunShell(goOn).Succeeded();
        Assert.Equal(FolderContent.Of(_folder["whole"]), FolderContent.Of(_folder["stopped"]));
    }

    // It saves wherever it stands, and the last line of standard error is the command that goes on.
    private string StopByCtrlC(string run)
    {
        using var process = Train(run);
        WaitForSave(process, run, StateTime(run));
        Tool.Run("train", _recipe, "--out", run, "--resume").FailedWith(1, "Another process", run);
        Tool.Signal(process, Tool.SigInt);
        var result = Tool.Finish(process);
        Assert.Equal(130, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("Stopped and saved after step ", result.ErrorLines[^2], StringComparison.Ordinal);
        return result.ErrorLines[^1];
    }

    private void KillTwentyTimes(string run, int seed)
    {
        var random = new Random(seed);
        var (kills, inWriting) = (0, 0);
        for (; kills < TestScale.Of(20) || inWriting < 5; kills++)
        {
            Assert.True(kills < TestScale.Of(40), $"only {inWriting} kills met a file that was being written");
            using var process = Train(run);
            switch (kills % 4)
            {
                case 0: // anywhere from the start of the process on
                    Thread.Sleep(random.Next(800));
                    break;
                case 1: // while it writes
                    while (!process.HasExited && !IsWriting(run)) { }
                    break;
                default: // while it learns
                    WaitForSave(process, run, StateTime(run));
                    Thread.Sleep(random.Next(40));
                    break;
            }
            Tool.Signal(process, Tool.SigKill);
            var result = Tool.Finish(process);
            Assert.True(result.ExitCode == 128 + Tool.SigKill, $"kill {kills} came too late: {result.Error}");
            if (IsWriting(run)) inWriting++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {inWriting} of them while writing");
    }

    private Process Train(string run)
    {
        string[] resume = File.Exists(Path.Combine(run, "training", "recipe.json")) ? ["--resume"] : [];
        return Tool.Start([Tool.Path, "train", _recipe, "--out", run, .. resume]);
    }

    private static void WaitForSave(Process process, string run, DateTime last)
    {
        while (!process.HasExited && StateTime(run) <= last) Thread.Sleep(1);
    }

    private static DateTime StateTime(string run) => // of a missing file: long ago
        File.GetLastWriteTimeUtc(Path.Combine(run, "training", "state.safetensors"));

    // What a killed process leaves of a file that it was writing stays until the next one begins.
    private static bool IsWriting(string run)
    {
        try
        {
            return Directory.EnumerateFiles(run, "*.tmp", SearchOption.AllDirectories).Any();
        }
        catch (DirectoryNotFoundException)
        {
            return false; // not made yet
        }
    }
}
