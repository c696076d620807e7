using System.Diagnostics;
using System.Runtime.InteropServices;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Formats;

/// <summary>A child process saves without end, as one file and as shards in turn, every save filled with one number. Killed at
/// any moment it leaves weights that open and hold one number alone.</summary>
public sealed unsafe class KilledWriteTests
{
    private const string FolderVariable = "MULTIHEAD_TEST_WRITE_UNTIL_KILLED";
    private const int Count = 200_000;

    [Fact]
    public void KilledAtAnyMomentAWholeSaveIsThere()
    {
        using var folder = new ScratchFolder();
        var random = new Random(1);
        var seen = new HashSet<float>();
        for (var round = 0; round < 3; round++)
        {
            using var child = StartChild(folder.FullPath);
            while (child.StandardOutput.ReadLine() is { } line && !line.Contains("saving", StringComparison.Ordinal)) { }
            Thread.Sleep(random.Next(20, 120));
            child.Kill();
            child.WaitForExit();
            seen.Add(TheOneNumber(folder.FullPath));
        }
        Assert.True(seen.Count > 1, "the child never saved twice");
    }

    // The child's part; where the variable is not set there is nothing to do.
    [Fact]
    public void WritesUntilKilledWhereAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder) return;
        var data = (float*)NativeMemory.Alloc(2 * Count, sizeof(float));
        TensorSource[] tensors = [new("a", [Count], (nint)data), new("b", [Count], (nint)(data + Count))];
        var random = new Random(Environment.ProcessId);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var save = 0; !TestContext.Current.CancellationToken.IsCancellationRequested; save++)
        {
            new Span<float>(data, 2 * Count).Fill(random.NextSingle());
            SafetensorsFolderWriter.Write(folder, tensors, maxShardBytes: save % 3 == 0 ? long.MaxValue : Count * sizeof(float));
            if (save == 0) output.WriteLine("saving");
        }
    }

    private static Process StartChild(string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Multihead.Tests"))
        {
            RedirectStandardOutput = true,
            Environment = { [FolderVariable] = folder },
            ArgumentList = { "--filter-method", $"{typeof(KilledWriteTests).FullName}.{nameof(WritesUntilKilledWhereAsked)}" },
        };
        return Process.Start(start)!;
    }

    private static float TheOneNumber(string folder)
    {
        using var weights = SafetensorsFolder.Open(folder);
        var values = new float[2 * Count];
        weights.Read("a", [Count], values.AsSpan(0, Count));
        weights.Read("b", [Count], values.AsSpan(Count));
        Assert.Equal(-1, values.AsSpan().IndexOfAnyExcept(values[0]));
        return values[0];
    }
}
