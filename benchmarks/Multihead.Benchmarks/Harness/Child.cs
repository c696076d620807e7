using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Multihead.Benchmarks.Harness;

/// <summary>The parent's handle on a contestant: a process that has done its first step and waits for its turns.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private string _lastWords = "";

    private Child(Contestant contestant, Process process)
    {
        (Contestant, _process) = (contestant, process);
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data)) _lastWords = line.Data.Trim();
        };
        process.BeginErrorReadLine();
    }

    public Contestant Contestant { get; }

    /// <summary>The most memory that has been resident at once, in 10^6 bytes, as of the last turn.</summary>
    public double PeakMegabytes { get; private set; }

    /// <summary>Starts the process and waits for its first step.</summary>
    /// <exception cref="ContestantException">It cannot run here.</exception>
    public static Child Start(string suite, BenchmarkCase one, Contestant contestant, RunFolders folders)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (contestant.Program == Contestant.Pytorch)
        {
            start.FileName = Baselines.Python;
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "python", one.Script[0]));
            start.ArgumentList.Add(folders.Inputs.Folder);
            start.ArgumentList.Add(folders.Results(contestant).Folder);
            foreach (var argument in one.Script.Skip(1)) start.ArgumentList.Add(argument);
        }
        else
        {
            start.FileName = Path.Combine(AppContext.BaseDirectory, "Multihead.Benchmarks");
            foreach (var argument in (string[])["child", suite, one.Name, contestant.Name, folders.Root])
                start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in Baselines.EnvironmentOf(contestant)) start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ContestantException(contestant, e.Message);
        }
        var child = new Child(contestant, process);
        try
        {
            child.ReadLine();
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Lets the contestant work for so long, and at least one step.</summary>
    /// <exception cref="ContestantException">It has ended instead.</exception>
    /// <returns>Steps a second.</returns>
    public double Turn(TimeSpan length)
    {
        _process.StandardInput.WriteLine(length.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        var result = JsonSerializer.Deserialize<TurnResult>(ReadLine())!;
        PeakMegabytes = result.PeakMegabytes;
        return result.Steps / result.Seconds;
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        _process.Dispose();
    }

    private string ReadLine()
    {
        if (_process.StandardOutput.ReadLine() is { } line) return line;
        _process.WaitForExit(); // also waits for the rest of standard error
        throw new ContestantException(Contestant, _lastWords.Length > 0 ? _lastWords : $"exit code {_process.ExitCode}");
    }
}

/// <summary>A contestant could not do its work.</summary>
internal sealed class ContestantException(Contestant contestant, string reason)
    : Exception($"{contestant.Name} cannot run here: {reason.TrimEnd('.')}.");
