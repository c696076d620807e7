using System.Text.Json;

namespace Multihead.Cli.Tests.Commands;

public sealed class CorpusTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SdkWritesAlignedFilesAndCountsThem()
    {
        var result = Tool.Run("corpus", "sdk", "--to", "DE", "--out", _folder["out"], "--json").Succeeded();
        foreach (var part in new[] { "train", "valid", "test" })
        {
            var count = result.Json.GetProperty("pairs").GetProperty(part).GetInt32();
            Assert.Equal(count, File.ReadAllLines(_folder[$"out/{part}.en"]).Length);
            Assert.Equal(count, File.ReadAllLines(_folder[$"out/{part}.de"]).Length);
            Assert.Contains($"{count}\t{part}", result.OutputLines);
        }
        Assert.True(result.Json.GetProperty("pairs").GetProperty("test").GetInt32() >= 300);
        Assert.Equal(6, Directory.GetFiles(_folder["out"]).Length);
        Assert.NotEmpty(result.Error); // what it is doing
    }

    [Fact]
    public void SplitKeepsEveryRowOrSaysWhy()
    {
        string[] numbers = ["eins", "zwei", "drei", "vier", "fünf"];
        var rows = numbers.SelectMany(a => numbers.SelectMany(b => numbers.Select(c => ($"{a} {b} {c} en", $"{a} {b} {c} de"))))
            .Append(("gleich", "gleich")).Append(("", "leer")).Append((string.Join(' ', Enumerable.Repeat("lang", 401)), "b"))
            .ToArray();
        var source = _folder.Write("all.en", string.Join('\n', rows.Select(row => row.Item1)));
        var target = _folder.Write("all.de", string.Join('\n', rows.Select(row => row.Item2)));
        var table = _folder.Write("all.tsv", string.Join('\n', rows.Select(row => $"{row.Item1}\t{row.Item2}")));

        var result = Tool.Run("corpus", "split", source, target, "--out", _folder["a"], "--json").Succeeded();
        var aligned = result.Json;
        var columns = Tool.Run("corpus", "split", table, "--out", _folder["b"], "--json").Succeeded().Json;
        Assert.Equal(rows.Length, Sum(aligned.GetProperty("pairs")) + Sum(aligned.GetProperty("dropped")));
        foreach (var reason in (string[])["source equals target", "no words besides numbers and placeholders",
            "more than 400 words (training only)"])
        {
            Assert.Equal(1, aligned.GetProperty("dropped").GetProperty(reason).GetInt32());
            Assert.Contains($"1\tdropped: {reason}", result.OutputLines);
        }
        Assert.Equal(3, result.OutputLines.Count(line => line.Contains("\tdropped: ", StringComparison.Ordinal)));
        Assert.Equal(aligned.GetProperty("pairs").ToString(), columns.GetProperty("pairs").ToString());
        foreach (var name in new[] { "train.source", "train.target", "test.source", "test.target" })
            Assert.Equal(File.ReadAllText(_folder[$"a/{name}"]), File.ReadAllText(_folder[$"b/{name}"]));
    }

    [Fact]
    public void BadInputIsOneSentence()
    {
        var two = _folder.Write("two", "a\tb\nc\td\n");
        var three = _folder.Write("three", "a\nb\nc\n");
        Tool.Run("corpus", "split", two, three, "--out", _folder["out"]).FailedWith(1, two, "2 lines", three, "3");
        Tool.Run("corpus", "split", three, "--out", _folder["out"]).FailedWith(1, "Line 1", three, "tab");
        Tool.Run("corpus", "split", _folder["missing"], "--out", _folder["out"]).FailedWith(1, "missing");
        Tool.Run("corpus", "split", two).FailedWith(2, "--out");
        Tool.Run("corpus", "sdk", "--to", "xx", "--out", _folder["out"]).FailedWith(2, "cs, de, es", "'xx'");
        Tool.Run("corpus", "sdk", "--to", "en", "--out", _folder["out"]).FailedWith(2, "both 'en'");
        Assert.False(Directory.Exists(_folder["out"]));
        Tool.Run("corpus", "split", two, "--out", three).FailedWith(1, three); // a file stands where the folder should
    }

    private static int Sum(JsonElement counts) => counts.EnumerateObject().Sum(count => count.Value.GetInt32());
}
