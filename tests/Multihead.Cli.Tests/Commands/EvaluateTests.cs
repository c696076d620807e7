using System.Globalization;
using System.Text.Json;

namespace Multihead.Cli.Tests.Commands;

public sealed class EvaluateTests(LearnedModel model) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ScoresAreThoseOfTheTranslations()
    {
        var (sources, references) = (model.Corpus("test.en"), model.Corpus("test.de"));
        var hypotheses = _folder["hypotheses"];
        var result = Tool.Run("evaluate", model.Folder, sources, references, "--out", hypotheses, "--json").Succeeded();
        Assert.Equal(["bleu", "chrf", "chrfSignature", "copyBleu", "loss", "perplexity", "seconds", "sentences",
            "sentencesPerSecond", "signature"],
            result.Json.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.True(result.Json.GetProperty("bleu").GetDouble() > 60, result.Output); // it has learned the language
        Assert.Equal(30, result.Json.GetProperty("sentences").GetInt32());
        var loss = result.Json.GetProperty("loss").GetDouble();
        Assert.InRange(loss, 0.0, 1.5);
        Assert.Equal(Math.Exp(loss), result.Json.GetProperty("perplexity").GetDouble(), 1e-9);

        var translated = Tool.Run("translate", model.Folder, "--input", sources).Succeeded();
        Assert.Equal(translated.Output, File.ReadAllText(hypotheses));
        var score = Tool.Run("score", hypotheses, references, "--json").Succeeded();
        foreach (var name in new[] { "bleu", "chrf", "signature", "chrfSignature" })
            Assert.Equal(score.Json.GetProperty(name).ToString(), result.Json.GetProperty(name).ToString());
        Assert.Equal(score.OutputLines[..2], result.OutputLines[..2]);
        var copy = Tool.Run("score", sources, references, "--json").Succeeded();
        Assert.Equal(copy.Json.GetProperty("bleu").GetDouble(), result.Json.GetProperty("copyBleu").GetDouble());
    }

    [Fact]
    public void LossIsThatOfTraining()
    {
        string[] files = [model.Corpus("valid.en"), model.Corpus("valid.de")];
        var result = Tool.Run(["evaluate", model.Folder, .. files, "--beam", "1", "--json"]).Succeeded();
        Assert.Equal(model.Training.Json.GetProperty("validationLoss").GetDouble(), result.Json.GetProperty("loss").GetDouble(), 1e-5);
    }

    [Fact]
    public void TheSameUnderAGermanLocale()
    {
        string[] arguments = ["evaluate", model.Folder, model.Corpus("test.en"), model.Corpus("test.de"), "--json"];
        var (plain, german) = (Tool.Run(arguments).Succeeded(), Tool.RunGerman(_folder, arguments).Succeeded());
        Assert.Equal(plain.OutputLines[..^2], german.OutputLines[..^2]);
        Assert.Equal(WithoutTimes(plain.Json), WithoutTimes(german.Json));
        var speed = german.OutputLines[^2].Split(' ')[1];
        Assert.True(double.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _), speed);
    }

    [Fact]
    public void BadInputIsOneSentence()
    {
        var two = _folder.Write("two", "red dog\nold man\n");
        var three = _folder.Write("three", "a\nb\nc\n");
        var gap = _folder.Write("gap", "rot Hund\n\n");
        var empty = _folder.Write("empty", "");
        var huge = _folder.Write("huge", "red\n" + string.Concat(Enumerable.Repeat("dog ", 100_000)) + "\n");
        Tool.Run("evaluate", model.Folder, two, three).FailedWith(1, two, "2 lines", three, "has 3");
        Tool.Run("evaluate", model.Folder, two, gap).FailedWith(1, gap, "line 2", "empty");
        Tool.Run("evaluate", model.Folder, empty, two).FailedWith(1, empty, "empty");
        Tool.Run("evaluate", model.Folder, huge, two).FailedWith(1, huge, "line 2", "tokens");
        Tool.Run("evaluate", model.Folder, two, _folder["missing"]).FailedWith(1, "missing");
        Tool.Run("evaluate", _folder["missing"], two, two).FailedWith(1, "no folder");
        Tool.Run("evaluate", model.Folder, two).FailedWith(2, "REFERENCES");
        Tool.Run("evaluate", model.Folder, two, two, "--out", Path.Combine(two, "out")).FailedWithAfterResults(1, "Cannot write");
        if (OperatingSystem.IsLinux())
            Tool.Run("evaluate", model.Folder, two, two, "--out", "/dev/full").FailedWithAfterResults(1, "/dev/full", "No space left");
        // An empty source is translated as nothing, and scored.
        Tool.Run("evaluate", model.Folder, gap, two).Succeeded();
    }

    private static string[] WithoutTimes(JsonElement json) =>
        [.. json.EnumerateObject().Where(property => !property.Name.Contains("econd", StringComparison.Ordinal))
            .Select(property => property.ToString())];
}
