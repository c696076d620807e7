namespace Multihead.Cli.Tests.Input;

public sealed class InputLinesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void StandardInputIsReadAndNamed()
    {
        var text = _folder.Write("text", "eins\nzwei\n");
        Tool.Run(["score", "-", text], "eins\r\nzwei").Succeeded();
        Tool.Run(["score", "-", text], "eins\n").FailedWith(1, "Standard input has 1 lines", $"'{text}' has 2");
        Tool.Run(["score", "-", text], "").FailedWith(1, "Standard input is empty");
    }

    [Fact]
    public void DamagedGzipIsOneSentence()
    {
        var text = _folder.Write("text", "eins\n");
        var damaged = _folder.Write("plain.gz", "no gzip\n");
        Tool.Run("score", damaged, text).FailedWith(1, $"'{damaged}' cannot be unpacked");
        Tool.Run("corpus", "split", damaged, text, "--out", _folder["out"]).FailedWith(1, damaged, "gzip");
    }
}
