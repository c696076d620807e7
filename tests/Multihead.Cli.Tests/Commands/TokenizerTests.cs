using System.Globalization;
using Multihead.Text.Tokenizers;

namespace Multihead.Cli.Tests.Commands;

public sealed class TokenizerTests : IDisposable
{
    private const string Corpus = "the cat sat on the mat\nder Hund saß auf der Matte\nthe dog sat on the cat\n";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TrainEncodeDecodeAgreeWithTheLibraryAndLoseNothing()
    {
        var text = _folder.Write("text", Corpus);
        var file = _folder["tokenizer.json"];
        var trained = Tool.Run("tokenizer", "train", text, "--vocabulary", "270", "--out", file).Succeeded();
        Assert.Contains("vocabulary: 270", trained.OutputLines);
        Assert.Contains("lines: 3", trained.OutputLines);

        var tokenizer = Tokenizer.Load(file);
        var encoded = Tool.Run("tokenizer", "encode", file, text).Succeeded();
        Assert.Equal(
            Corpus.TrimEnd().Split('\n').Select(line => string.Join(' ', tokenizer.Encode(line).Select(id => id.ToString(CultureInfo.InvariantCulture)))),
            encoded.OutputLines);
        Assert.Empty(encoded.Error);
        Assert.Equal(Corpus, Tool.Run(["tokenizer", "decode", file], encoded.Output).Succeeded().Output);

        var pieces = Tool.Run(["tokenizer", "encode", file, "-", "--pieces"], "the cat\n").Succeeded().Output;
        Assert.Equal(string.Join(' ', tokenizer.Encode("the cat").Select(tokenizer.IdToToken)) + "\n", pieces);
        Assert.Contains('Ġ', pieces);
    }

    [Fact]
    public void AFailureLeavesTheOldFileAsItWas()
    {
        var file = _folder.Write("tokenizer.json", "old");
        var text = _folder.Write("text", Corpus);
        Tool.Run("tokenizer", "train", text, "--vocabulary", "5000", "--out", file).FailedWith(1, "5000");
        Tool.Run("tokenizer", "train", text, _folder["missing"], "--vocabulary", "270", "--out", file).FailedWith(1, "missing");
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal(2, Directory.GetFiles(_folder["."]).Length);
    }

    [Fact]
    public void BadInputIsOneSentence()
    {
        var text = _folder.Write("text", Corpus);
        var file = _folder["tokenizer.json"];
        Tool.Run("tokenizer", "train", text, "--vocabulary", "270", "--out", file).Succeeded();
        Tool.Run(["tokenizer", "decode", file], "1 2\n3 270\n").FailedWithAfterResults(1, "line 2", "'270'", "0 to 269");
        Tool.Run("tokenizer", "encode", file, _folder["missing"]).FailedWith(1, "missing");
        Tool.Run("tokenizer", "encode", text).FailedWith(1, text, "JSON");
        Tool.Run("tokenizer", "train").FailedWith(2, "FILE");
        Tool.Run("tokenizer").FailedWith(2, "train, encode, decode");
    }

    [Fact]
    public void AReaderThatLeavesEndsTheWork()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("needs a POSIX shell");
        var text = _folder.Write("text", Corpus);
        var file = _folder["tokenizer.json"];
        Tool.Run("tokenizer", "train", text, "--vocabulary", "270", "--out", file).Succeeded();
        // "yes" never ends: only the lost reader can end the tool.
        using var process = Tool.StartShell($"yes | (dotnet '{Tool.Path}' tokenizer encode '{file}'; echo $? >&2) | head -n 2");
        var result = Tool.Finish(process);
        Assert.Equal(2, result.OutputLines.Length);
        Assert.Equal("0", result.ErrorLines[0]);
    }
}
