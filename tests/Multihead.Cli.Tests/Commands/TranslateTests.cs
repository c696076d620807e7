using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Multihead.Cli.Tests.Commands;

public sealed class TranslateTests(LearnedModel model) : IDisposable
{
    private static readonly string[] Texts = ["two old dog", "", "small green bird house", "man", "blue tree red cat man"];
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ArgumentsFilesAndPipesGiveTheSameLines()
    {
        var asArguments = Tool.Run(["translate", model.Folder, .. Texts]).Succeeded();
        Assert.Empty(asArguments.Error);
        var lines = asArguments.Output.Split('\n')[..^1];
        Assert.Equal(Texts.Length, lines.Length);
        Assert.Equal("", lines[1]);
        Assert.Equal("zwei alt Hund", lines[0]);

        var text = string.Concat(Texts.Select(line => line + "\n"));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        foreach (var file in new[] { _folder.Write("text", text.TrimEnd()), _folder.Write("text.gz", packed.ToArray()) })
            Assert.Equal(asArguments.Output, Tool.Run("translate", model.Folder, "--input", file).Succeeded().Output);
        Assert.Equal(asArguments.Output, Tool.Run(["translate", model.Folder], text).Succeeded().Output);
        string[] oneThread = ["translate", model.Folder, "--input", "-", "--threads", "1"];
        Assert.Equal(asArguments.Output, Tool.Run(oneThread, text).Succeeded().Output);
        Assert.Equal("", Tool.Run(["translate", model.Folder], "").Succeeded().Output);
    }

    [Fact]
    public void TheBestAreRankedAndJsonHasAll()
    {
        string[] arguments = ["translate", model.Folder, "small green bird house", "two old dog", "--json"];
        var (plain, ranked) = (Tool.Run(arguments).Succeeded(), Tool.Run([.. arguments, "--best", "3"]).Succeeded());
        var rows = ranked.OutputLines[..^1].Select(line => line.Split('\t')).ToArray();
        Assert.Equal(["1", "2", "3", "1", "2", "3"], rows.Select(row => row[0]));
        Assert.Equal<string>(plain.OutputLines[..^1], [rows[0][2], rows[3][2]]);
        double[] scores = [.. rows.Select(row => double.Parse(row[1], CultureInfo.InvariantCulture))];
        Assert.True(scores[0] >= scores[1] && scores[1] >= scores[2] && scores[2] < 0, string.Join(' ', scores));

        Assert.Equal(2, ranked.Json.GetProperty("texts").GetInt32());
        var hypotheses = ranked.Json.GetProperty("translations").EnumerateArray().SelectMany(text => text.EnumerateArray())
            .ToArray();
        Assert.Equal(rows.Select(row => row[2]), hypotheses.Select(hypothesis => hypothesis.GetProperty("text").GetString()));
        Assert.All(scores.Zip(hypotheses),
            both => Assert.Equal(both.First, both.Second.GetProperty("score").GetDouble(), 1e-4));

        // Without a penalty, scores are log-probabilities.
        var bare = Tool.Run([.. arguments, "--length-penalty", "0", "--beam", "1"]).Succeeded();
        var best = bare.Json.GetProperty("translations")[0][0];
        Assert.Equal(best.GetProperty("logProbability").GetDouble(), best.GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task APipeIsAnsweredLineByLine()
    {
        using var process = Tool.Start([Tool.Path, "translate", model.Folder]);
        foreach (var (text, expected) in new[] { ("two old dog", "zwei alt Hund"), ("", ""), ("small cat", "klein Katze") })
        {
            process.StandardInput.Write(text + "\n");
            process.StandardInput.Flush();
            var answer = process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.Equal(expected, await answer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
        Assert.Equal(0, Tool.Finish(process).ExitCode);
    }

    [Fact]
    public void AThousandLinesComeOutInOrder()
    {
        var random = new Random(1);
        string[] words = ["red", "house", "dog", "two"];
        var lines = Enumerable.Range(0, 1000).Select(_ => words[random.Next(4)] + " " + words[random.Next(4)]).ToArray();
        var few = lines.Distinct().ToArray();
        var known = few.Zip(Tool.Run(["translate", model.Folder, "--beam", "1", .. few]).Succeeded().OutputLines)
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var all = Tool.Run(["translate", model.Folder, "--beam", "1"], string.Join('\n', lines)).Succeeded();
        Assert.Equal(lines.Select(line => known[line]), all.OutputLines);
    }

    [Fact]
    public void ALineLongerThanTheModelReadsIsNamed()
    {
        var huge = string.Concat(Enumerable.Repeat("dog ", 100_000));
        var file = _folder.Write("text", $"two old dog\nsmall cat\n{huge}\nman\n");
        var result = Tool.Run("translate", model.Folder, "--input", file);
        result.FailedWithAfterResults(1, file, "line 3", "tokens", "at most 1023");
        Assert.Equal(["zwei alt Hund", "klein Katze"], result.OutputLines); // what came before is done
        Tool.Run(["translate", model.Folder], huge).FailedWith(1, "Standard input, line 1", "at most 1023");
    }

    [Fact]
    public void BadInputIsOneSentence()
    {
        var good = _folder.Write("good", "two old dog\n");
        var latin1 = _folder.Write("latin1", [(byte)'a', (byte)'\n', 0xFC, (byte)'\n']);
        Tool.Run("translate").FailedWith(2, "MODEL");
        Tool.Run("translate", model.Folder, "dog", "--input", good).FailedWith(2, "TEXT", "--input");
        Tool.Run("translate", model.Folder, "dog", "--best", "5").FailedWith(2, "--best 5", "--beam");
        Tool.Run("translate", model.Folder, "dog", "--beam", "0").FailedWith(2, "--beam", "'0'");
        Tool.Run("translate", model.Folder, "dog", "--length-penalty", "0,6").FailedWith(2, "--length-penalty", "'0,6'");
        Tool.Run("translate", _folder["missing"], "dog").FailedWith(1, "no folder", "missing");
        Tool.Run("translate", _folder["."], "dog").FailedWith(1, "config.json");
        Tool.Run("translate", model.Folder, "--input", _folder["missing"]).FailedWith(1, "no file", "missing");
        Tool.Run("translate", model.Folder, "--input", latin1).FailedWith(1, latin1, "line 2", "UTF-8");
    }
}
