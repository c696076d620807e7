using System.Text.Json;

namespace Multihead.Cli.Tests.Commands;

/// <summary>A language model from a recipe to text: learned, tried, measured.</summary>
public sealed class LanguageModelTests : IDisposable
{
    private const string Text = "the cat sat on the mat and the dog sat on the log; ";
    private readonly ScratchFolder _folder = new();

    public LanguageModelTests()
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Repeat(Text, 60)));
        File.WriteAllText(_folder["recipe.json"], """
            {
              "data": { "kind": "text", "text": "text.txt", "context": 32 },
              "vocabularySize": 259,
              "model": { "preset": "llama-tiny", "modelDim": 32, "positions": { "kind": "rotary", "maxLength": 64, "theta": 10000 } },
              "training": {
                "steps": 150, "batchTokens": 512, "labelSmoothing": 0, "averagedStates": 1, "validateEvery": 50, "saveEvery": 10,
                "schedule": { "kind": "cosine", "peakRate": 0.01, "warmupSteps": 10 }
              }
            }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LearnsGoesOnWithTextAndSaysHowWellItPredicts()
    {
        var learned = Tool.Run("train", _folder["recipe.json"], "--out", _folder["run"], "--json").Succeeded();
        Assert.True(learned.Json.GetProperty("validationLoss").GetDouble() < 0.3);
        Assert.Equal("llama", JsonDocument.Parse(File.ReadAllText(_folder["run/config.json"])).RootElement
            .GetProperty("model_type").GetString());

        var written = Tool.Run("generate", _folder["run"], "the cat sat on", "--tokens", "40", "--json").Succeeded();
        var text = written.Json.GetProperty("text").GetString()!;
        Assert.StartsWith(" the mat and", text, StringComparison.Ordinal);
        Assert.Equal("maxTokens", written.Json.GetProperty("endReason").GetString());
        var streamed = Tool.Run("generate", _folder["run"], "the cat sat on", "--tokens", "40").Succeeded();
        Assert.Equal(text, streamed.Output.TrimEnd('\n'));
        var stopped = Tool.Run("generate", _folder["run"], "the cat sat on", "--stop", "mat").Succeeded();
        Assert.Equal(" the ", stopped.Output.TrimEnd('\n'));

        var measured = Tool.Run("perplexity", _folder["run"], _folder["text.txt"], "--json").Succeeded();
        Assert.InRange(measured.Json.GetProperty("perplexity").GetDouble(), 1, 2);
        // Every character is a token of one byte.
        Assert.Equal(measured.Json.GetProperty("natsPerToken").GetDouble() / Math.Log(2),
            measured.Json.GetProperty("bitsPerByte").GetDouble(), 0.01);
    }

    [Theory]
    [InlineData("data.context=65", "data.context is 65")]
    [InlineData("data.validShare=2", "data.validShare is 2")]
    [InlineData("model.encoderLayerCount=2", "model.encoderLayerCount is given")]
    [InlineData("model.headCount=3", "does not divide")]
    [InlineData("model.preset=llama-tinny", "the nearest is 'llama-tiny'")]
    [InlineData("data.text=none.txt", "There is no file")]
    public void RecipesThatCannotBeMeantAreOneSentence(string change, string expected)
    {
        var result = Tool.Run("train", _folder["recipe.json"], "--out", _folder["run"], "--set", change);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsNoLanguageModelIsOneSentence()
    {
        Directory.CreateDirectory(_folder["empty"]);
        foreach (var command in new[] { "generate", "perplexity" })
        {
            var result = Tool.Run(command, _folder["empty"], "x");
            Assert.Equal(1, result.ExitCode);
            Assert.Single(result.ErrorLines);
        }
    }
}
