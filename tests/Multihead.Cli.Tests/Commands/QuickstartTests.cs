using System.Text.Json;

namespace Multihead.Cli.Tests.Commands;

public sealed class QuickstartTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FromTheSdkToScoresAndWhatItSaysNextWorks()
    {
        Directory.CreateDirectory(_folder["multihead-quickstart"]); // so that the next free name is taken
        var result = RunHere($"dotnet '{Tool.Path}' quickstart --steps 20 --json").Succeeded();

        // Standard output: rows, scores with signatures, one line of JSON. All else is on standard error.
        var json = result.Json;
        foreach (var part in new[] { "train", "valid", "test" })
            Assert.True(json.GetProperty("pairs").GetProperty(part).GetInt32() >= 300, part);
        foreach (var name in new[] { "parameters", "minutes", "tokensPerSecond", "peakShare" })
            Assert.True(json.GetProperty(name).GetDouble() > 0, name);
        foreach (var name in new[] { "bleu", "bleuFar", "chrf", "chrfFar", "copyBleu" })
            Assert.InRange(json.GetProperty(name).GetDouble(), 0, 100);
        Assert.InRange(json.GetProperty("copyBleu").GetDouble(), 5, 30); // German has words of English
        Assert.Equal(20, json.GetProperty("steps").GetInt32());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("validationLoss").ValueKind);
        var signature = json.GetProperty("signature").GetString()!;
        Assert.StartsWith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:", signature, StringComparison.Ordinal);
        var run = json.GetProperty("checkpoint").GetString()!;
        Assert.Equal(_folder["multihead-quickstart-2"], run);
        Assert.Equal(3, result.OutputLines.Count(line => line.Contains($"BLEU|{signature} = ", StringComparison.Ordinal)));
        Assert.Equal(2, result.OutputLines.Count(line => line.Contains("chrF2|nrefs:1", StringComparison.Ordinal)));
        Assert.Equal(5, result.OutputLines.Count(line => line.StartsWith("  reference  ", StringComparison.Ordinal)));
        Assert.DoesNotContain("tokens/s", result.Output, StringComparison.Ordinal);
        foreach (var words in new[] { "Pairs: ", "source equals target", "Vocabulary: ", "step 20/20  loss ", "% of peak" })
            Assert.Contains(words, result.Error, StringComparison.Ordinal);

        var test = json.GetProperty("pairs").GetProperty("test").GetInt32();
        foreach (var file in new[] { Path.Combine(run, "test.en"), Path.Combine(run, "test.de") })
        {
            var lines = File.ReadAllLines(file);
            Assert.Equal(test, lines.Length);
            File.WriteAllLines(file, lines[..10]); // enough to see that "evaluate" works
        }
        var next = result.ErrorLines.SkipWhile(line => line != "Next:").Skip(1).ToArray();
        Assert.Equal(2, next.Length);
        Assert.Contains(" translate ", next[0], StringComparison.Ordinal);
        Assert.Contains(" evaluate ", next[1], StringComparison.Ordinal);
        foreach (var line in next) Assert.NotEmpty(RunHere(line).Succeeded().Output);
    }

    [Theory]
    [InlineData("--to xx", "cs, de, es, fr, it, ja, ko, pl, pt-BR, ru, tr, zh-Hans", "'xx'")]
    [InlineData("--to en", "both 'en'", "different")]
    [InlineData("--steps 5 --minutes 1", "--steps and --minutes", "choose one")]
    [InlineData("--minutes 0", "--minutes takes a number", "'0'")]
    [InlineData("--minutes 1e2", "--minutes takes a number", "'1e2'")]
    [InlineData("--steps 1.5", "--steps takes a whole number", "'1.5'")]
    public void AMistakeIsOneSentence(string options, params string[] words)
    {
        RunHere($"dotnet '{Tool.Path}' quickstart {options}").FailedWith(2, words);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["."]));
    }

    private ToolResult RunHere(string line) => Tool.RunShell($"cd '{_folder["."]}' && {line}");
}
