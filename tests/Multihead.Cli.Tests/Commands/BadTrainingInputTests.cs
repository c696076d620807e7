using System.Diagnostics;

namespace Multihead.Cli.Tests.Commands;

/// <summary>What "train" is given wrongly: one sentence, an exit code, and nothing lost or left behind.</summary>
public sealed class BadTrainingInputTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly string _recipe;

    public BadTrainingInputTests() => _recipe = TinyCorpus.Write(_folder, steps: 4, saveEvery: 2, modelDim: 32, pairs: 60);

    public void Dispose()
    {
        Assert.False(Path.Exists(_folder["new"])); // where every run below would have gone
        _folder.Dispose();
    }

    [Fact]
    public void TextThatCannotBeUsed()
    {
        var (source, target) = (_folder["train.en"], _folder["train.de"]);
        var (english, german) = (File.ReadAllText(source), File.ReadAllText(target));
        File.WriteAllText(target, german + "zu viel\n");
        Train().FailedWith(1, source, "60 lines", target, "has 61");
        File.WriteAllBytes(target, [.. "gut\n"u8, 0xC3, 0x28, (byte)'\n']);
        Train().FailedWith(1, target, "line 2", "UTF-8");
        File.WriteAllText(target, "");
        Train().FailedWith(1, target, "empty");
        File.WriteAllText(target, string.Concat(Enumerable.Repeat("\n", 60)));
        Train().FailedWith(1, "0 training and 30 validation pairs");
        File.Delete(target);
        Train().FailedWith(1, "no file", target);

        // What can be used is used: empty lines, and lines of 100,000 tokens, are left out and counted.
        var endless = string.Concat(Enumerable.Repeat("x ", 100_000));
        File.WriteAllText(source, english + "\n" + endless + "\n");
        File.WriteAllText(target, german + "leer\n" + endless + "\n");
        var result = Train("--out", _folder["used"], "--set", "filter={\"maxWords\":1000000,\"maxCharacters\":1000000}").Succeeded();
        Assert.Contains("  left out: 1 fewer than 1 word (training only)", result.ErrorLines);
        Assert.Contains("  left out: 1 training pair of 256 tokens or more", result.ErrorLines);
    }

    [Theory]
    [InlineData("training.steps=ten", "training.steps", "a string", "a whole number")]
    [InlineData("training.stepz=10", "training.stepz", "unknown", "'steps'")]
    [InlineData("modell.modelDim=10", "modell", "unknown", "'model'")]
    [InlineData("training.schedule.kind=linar", "linar", "'linear'")]
    [InlineData("model.preset=transformer-tini", "transformer-tini", "'transformer-tiny'")]
    [InlineData("model.headCount=5", "32", "5")]
    [InlineData("training.steps=0", "steps", "0", "1 to")]
    [InlineData("formatVersion=2", "formatVersion 2", "newer")]
    [InlineData("vocabularySize=5000", "5000", "ask for", "fewer")]
    [InlineData("vocabularySize=100", "100", "too small")]
    [InlineData("data={\"kind\":\"sdk\",\"from\":\"en\",\"to\":\"xx\"}", "'xx'", "cs, de, es, fr, it, ja, ko, pl, pt-BR, ru, tr")]
    public void RecipesThatCannotBeMeant(string change, params string[] words) => Train("--set", change).FailedWith(1, words);

    [Fact]
    public void CommandLinesThatCannotBeMeant()
    {
        Tool.Run("train").FailedWith(2, "RECIPE");
        Tool.Run("train", _folder["missing.json"]).FailedWith(1, "missing.json");
        Train("--set", "training.steps").FailedWith(2, "--set", "PATH=VALUE", "'training.steps'");
        Train("--sett", "training.steps=1").FailedWith(2, "'--sett'", "'--set'");
        File.WriteAllText(_recipe, "{ \"data\": { \"kind\": \"tsv\", }");
        Train().FailedWith(1, _recipe, "line 1");
        File.WriteAllText(_recipe, "{ \"formatVersion\": \"1\" }");
        Train().FailedWith(1, _recipe, "formatVersion", "a string", "line 1, byte 20");
    }

    [Fact]
    public void FoldersThatCannotBeWritten()
    {
        // Rights do not stop root, so the folder stands below a file, and in a file system without folders of ours.
        Train("--out", Path.Combine(_recipe, "run")).FailedWith(1, "Cannot write", _recipe, "--out");
        Train("--out", _recipe).FailedWith(1, "Cannot write", _recipe);
        if (OperatingSystem.IsLinux()) Train("--out", "/proc/multihead/run").FailedWith(1, "Cannot write", "/proc/multihead/run");
        var verbose = Train("--out", _recipe, "--verbose");
        Assert.Equal(1, verbose.ExitCode);
        Assert.Contains("   at Multihead.", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFullDiskKeepsTheLastStateToGoOnFrom()
    {
        Tool.Run("train", _recipe, "--out", _folder["whole/run"]).Succeeded();
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        if (Mount("-t", "tmpfs", "-o", "size=900k", "tmpfs", disk) != 0) Assert.Skip("needs the right to mount a small disk");
        try
        {
            var run = Path.Combine(disk, "run");
            var result = Tool.Run("train", _recipe, "--out", run).FailedAfterNotes(1, "Cannot write", run, "space");
            Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(run, "*.tmp", SearchOption.AllDirectories));
            Assert.Equal(0, Mount("-o", "remount,size=8m", disk));
            result = Tool.Run("train", _recipe, "--out", run, "--resume").Succeeded();
            Assert.Contains("Going on after step 2 of 4.", result.ErrorLines);
            Assert.Equal(FolderContent.Of(_folder["whole/run"]), FolderContent.Of(run));
        }
        finally
        {
            Process.Start("umount", [disk]).WaitForExit();
        }
    }

    [Fact]
    public void DamagedStatesAndTokenizersStopAResumedRunAndStayAsTheyAre()
    {
        var run = _folder["run"];
        Tool.Run("train", _recipe, "--out", run).Succeeded();
        foreach (var (file, damage, words) in new (string, Func<byte[], byte[]>, string[])[]
        {
            ("training/state.safetensors", bytes => bytes[..^1000], ["bytes"]),
            ("training/state.safetensors", bytes => [.. bytes[..8], (byte)'x', .. bytes[9..]], ["byte"]),
            ("tokenizer.json", bytes => bytes[..^100], ["JSON"]),
            ("training/recipe.json", bytes => bytes[..^10], ["JSON"]),
        })
        {
            var path = Path.Combine(run, file);
            var whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, damage(whole));
            var before = FolderContent.Of(run);
            Tool.Run("train", _recipe, "--out", run, "--resume").FailedAfterNotes(1, [file, .. words]);
            Assert.Equal(before, FolderContent.Of(run));
            File.WriteAllBytes(path, whole);
        }
    }

    private ToolResult Train(params string[] options)
    {
        string[] folder = options.Contains("--out") ? [] : ["--out", _folder["new"]];
        return Tool.Run(["train", _recipe, .. folder, .. options]);
    }

    private static int Mount(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return 1;
        using var process = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
