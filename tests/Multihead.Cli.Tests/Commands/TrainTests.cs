using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Multihead.Cli.Tests.Commands;

public sealed class TrainTests(LearnedModel model) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LearnsAndSaysWhatCameOut()
    {
        var result = model.Training.Succeeded();
        Assert.Equal(["checkpoint", "minutes", "pairs", "parameters", "peakShare", "steps", "tokensPerSecond", "trainLoss",
            "validationLoss"], result.Json.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["train", "valid", "test"], result.Json.GetProperty("pairs").EnumerateObject().Select(part => part.Name));
        Assert.Equal(300, result.Json.GetProperty("steps").GetInt32());
        Assert.Equal(model.Folder, result.Json.GetProperty("checkpoint").GetString());
        foreach (var name in new[] { "minutes", "tokensPerSecond", "peakShare" })
            Assert.True(result.Json.GetProperty(name).GetDouble() > 0, name);
        Assert.Equal(["steps: 300", "training loss", "validation loss", "checkpoint"],
            result.OutputLines[..^1].Select((line, i) => i == 0 ? line : line.Split(':')[0]));

        var rows = File.ReadLines(Path.Combine(model.Folder, "training", "loss.csv")).Skip(1).Select(row => row.Split(',')).ToArray();
        Assert.Equal(300, rows.Length);
        Assert.Equal(Number(rows[^1][2]), result.Json.GetProperty("trainLoss").GetDouble(), 1e-5);
        var measured = rows.Where(row => row[5].Length > 0).Select(row => Number(row[5])).ToArray();
        Assert.Equal(3, measured.Length);
        // That of the average, which is the model; the sums of the two commands run over other batches.
        var evaluated = Tool.Run("evaluate", model.Folder, model.Corpus("valid.en"), model.Corpus("valid.de"), "--json").Succeeded();
        Assert.Equal(evaluated.Json.GetProperty("loss").GetDouble(), result.Json.GetProperty("validationLoss").GetDouble(), 1e-5);

        Assert.Contains(result.ErrorLines, line => line.StartsWith("Pairs: ", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith("step 300/300  loss ", StringComparison.Ordinal)
            && line.Contains(" tokens/s ", StringComparison.Ordinal)
            && line.EndsWith("% of peak  0:00 left", StringComparison.Ordinal));
        foreach (var file in new[] { "config.json", "model.safetensors", "tokenizer.json" })
            Assert.True(File.Exists(Path.Combine(model.Folder, file)), file);
        Assert.True(File.Exists(Path.Combine(model.Folder, "training", "curves.svg")));
        Assert.False(File.Exists(Path.Combine(model.Folder, "training", "lock")));
    }

    [Fact]
    public void TheFolderIsNamedAfterTheRecipeAndValuesCanBeSet()
    {
        TinyCorpus.Write(_folder, steps: 9, saveEvery: 2, modelDim: 16, pairs: 40);
        Directory.CreateDirectory(_folder["elsewhere"]);
        var result = Tool.RunShell($"cd '{_folder["elsewhere"]}' && dotnet '{Tool.Path}' train ../recipe.json "
            + "--set training.steps=3 --set model.norm='{\"kind\":\"rmsNorm\",\"epsilon\":1e-6}'").Succeeded();
        Assert.Contains("steps: 3", result.OutputLines);
        var run = _folder["elsewhere/recipe"];
        var record = Path.Combine(run, "training", "recipe.json");
        var recorded = JsonNode.Parse(File.ReadAllText(record))!;
        Assert.Equal(3, (int)recorded["training"]!["steps"]!);
        Assert.Equal("rmsNorm", (string?)recorded["model"]!["norm"]!["kind"]);

        // Paths of the record begin at the record.
        var before = FolderContent.Of(run);
        Tool.Run("train", record, "--out", run, "--resume").Succeeded();
        Assert.Equal(before, FolderContent.Of(run));
    }

    [Fact]
    public void WhatAFolderHoldsIsNeverOverwritten()
    {
        var recipe = TinyCorpus.Write(_folder, steps: 3, saveEvery: 2, modelDim: 16, pairs: 40);
        var run = _folder.Copy(model.Folder, "run");
        var before = FolderContent.Of(run);
        Tool.Run("train", recipe, "--out", run).FailedWith(1, run, "holds a run", "--resume", "--out");
        Tool.Run("quickstart", "--steps", "1", "--out", run).FailedWith(1, run, "holds a run", "--out");
        Assert.Equal(before, FolderContent.Of(run));

        Directory.Delete(Path.Combine(run, "training"), recursive: true);
        Tool.Run("train", recipe, "--out", run).FailedWith(1, run, "config.json", "--out");
        Tool.Run("train", recipe, "--out", run, "--resume").FailedWith(1, run, "holds no run", "--resume");
        Assert.False(Directory.Exists(Path.Combine(run, "training")));

        // Files that are no model's may stay there.
        Directory.CreateDirectory(_folder["notes"]);
        _folder.Write("notes/mine.tmp", "mine");
        Tool.Run("train", recipe, "--out", _folder["notes"]).Succeeded();
        Assert.Equal("mine", File.ReadAllText(_folder["notes/mine.tmp"]));
    }

    [Fact]
    public void ResumingWantsTheSameRecipeAndTheSameText()
    {
        var recipe = TinyCorpus.Write(_folder, steps: 4, saveEvery: 2, modelDim: 16, pairs: 40);
        var run = _folder["run"];
        string[] resume = ["train", recipe, "--out", run, "--resume"];
        Tool.Run(resume).FailedWith(1, run, "no run", "--resume");
        Assert.False(Directory.Exists(run));
        Tool.Run("train", recipe, "--out", run).Succeeded();

        var before = FolderContent.Of(run);
        Tool.Run(resume).Succeeded(); // to the end already
        Assert.Equal(before, FolderContent.Of(run));
        foreach (var lost in new[] { "tokenizer.json", "config.json" }) File.Delete(Path.Combine(run, lost));
        Tool.Run(resume).Succeeded();
        Assert.Equal(before, FolderContent.Of(run));
        Tool.Run([.. resume, "--set", "training.schedule.peakRate=1"]).FailedWith(1, "training.schedule.peakRate", " 1,", "0.006");
        Tool.Run([.. resume, "--set", "model.activation=gelu"]).FailedWith(1, "model.activation", "\"gelu\"", "default");
        File.AppendAllText(_folder["valid.en"], "old tree\n");
        File.AppendAllText(_folder["valid.de"], "alt Baum\n");
        Tool.Run(resume).FailedAfterNotes(1, "state.safetensors", "other text");
        Assert.Equal(before, FolderContent.Of(run));
    }

    [Fact]
    public void TheSameUnderAGermanLocale()
    {
        var recipe = TinyCorpus.Write(_folder, steps: 6, saveEvery: 2, modelDim: 16, pairs: 40);
        var plain = Tool.Run("train", recipe, "--out", _folder["run"], "--json").Succeeded();
        Directory.Move(_folder["run"], _folder["plain"]);
        var german = Tool.RunGerman(_folder, "train", recipe, "--out", _folder["run"], "--json").Succeeded();
        Assert.Equal(FolderContent.Of(_folder["plain"]), FolderContent.Of(_folder["run"]));
        Assert.Equal(plain.OutputLines[..^1], german.OutputLines[..^1]);
        Assert.Equal(WithoutTimes(plain.Json), WithoutTimes(german.Json));
        // A time of its own, but a number with a point.
        Assert.True(german.Json.GetProperty("tokensPerSecond").GetDouble() > 0);
        Tool.RunGerman(_folder, "quickstart", "--minutes", "0,5").FailedWith(2, "--minutes", "'0,5'");
    }

    private static string[] WithoutTimes(JsonElement json) =>
        [.. json.EnumerateObject().Where(property => property.Name is not ("minutes" or "tokensPerSecond" or "peakShare"))
            .Select(property => property.ToString())];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
