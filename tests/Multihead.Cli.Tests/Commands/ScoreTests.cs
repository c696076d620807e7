using Multihead.Text.Metrics;

namespace Multihead.Cli.Tests.Commands;

public sealed class ScoreTests : IDisposable
{
    private static readonly string[] Hypotheses = ["Der Hund beißt den Mann.", "Es war nicht überraschend.", "Die Datei \"a.txt\" fehlt!"];
    private static readonly string[] References = ["Der Hund biss den Mann.", "Es war nicht unerwartet.", "Die Datei \"b.txt\" fehlt."];
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("13a", BleuTokenization.V13a)]
    [InlineData("intl", BleuTokenization.International)]
    [InlineData("char", BleuTokenization.Character)]
    [InlineData("none", BleuTokenization.None)]
    public void EqualsTheLibrary(string name, BleuTokenization tokenization)
    {
        var (hypotheses, references) = WriteFiles();
        var result = Tool.Run("score", hypotheses, references, "--tokenize", name, "--json").Succeeded();
        Assert.Empty(result.Error);
        var bleu = Bleu.Corpus(Hypotheses, [References], new BleuOptions { Tokenization = tokenization });
        var chrF = ChrF.Corpus(Hypotheses, [References]);
        Assert.Equal([bleu.Format(2), chrF.Format(2)], result.OutputLines[..^1]);
        Assert.Equal(bleu.Score, result.Json.GetProperty("bleu").GetDouble());
        Assert.Equal(chrF.Score, result.Json.GetProperty("chrf").GetDouble());
        Assert.Equal(bleu.Signature, result.Json.GetProperty("signature").GetString());
        Assert.Equal(chrF.Signature, result.Json.GetProperty("chrfSignature").GetString());
    }

    [Fact]
    public void OneMetricFromStandardInputAgainstTwoReferences()
    {
        var (_, references) = WriteFiles();
        var second = _folder.Write("second", string.Join('\n', Hypotheses));
        var result = Tool.Run(["score", "-", references, second, "--metric", "chrf++", "--json"],
            string.Join('\n', Hypotheses)).Succeeded();
        Assert.Equal(100, result.Json.GetProperty("chrf++").GetDouble());
        Assert.Contains("nrefs:2", result.Json.GetProperty("signature").GetString(), StringComparison.Ordinal);
        Assert.False(result.Json.TryGetProperty("bleu", out _));
    }

    [Fact]
    public void TerIsTheLibrarys()
    {
        var (hypotheses, references) = WriteFiles();
        var result = Tool.Run("score", hypotheses, references, "--metric", "ter", "--json").Succeeded();
        var ter = Ter.Corpus(Hypotheses, [References]);
        Assert.Equal([ter.Format(2)], result.OutputLines[..^1]);
        Assert.Equal(ter.Score, result.Json.GetProperty("ter").GetDouble());
        Assert.Equal(ter.Signature, result.Json.GetProperty("signature").GetString());
    }

    [Fact]
    public void BadInputIsOneSentence()
    {
        var (hypotheses, references) = WriteFiles();
        var empty = _folder.Write("empty", "");
        var shorter = _folder.Write("shorter", "eins\nzwei\n");
        var latin1 = _folder.Write("latin1", [(byte)'a', (byte)'\n', 0xFC, (byte)'\n']);
        Tool.Run("score", hypotheses, shorter).FailedWith(1, hypotheses, "3 lines", shorter, "has 2");
        Tool.Run("score", empty, references).FailedWith(1, empty, "empty");
        Tool.Run("score", hypotheses, latin1).FailedWith(1, latin1, "line 2", "UTF-8");
        Tool.Run("score", hypotheses, _folder["missing"]).FailedWith(1, "missing");
        Tool.Run("score", hypotheses, _folder["."]).FailedWith(1, "folder");
        Tool.Run("score", "-", "-").FailedWith(2, "Standard input (-) is given twice");
        Tool.Run("score", hypotheses).FailedWith(2, "REFERENCES");
        Tool.Run("score", hypotheses, references, "--tokenize", "moses").FailedWith(2, "13a, intl, char or none", "'moses'");
    }

    private (string Hypotheses, string References) WriteFiles() =>
        (_folder.Write("hypotheses", string.Join('\n', Hypotheses) + "\n"), _folder.Write("references", string.Join('\n', References)));
}
