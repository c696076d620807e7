using Multihead.Inference;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Inference;

/// <summary>Going on with text: in pieces and at once, alone and beside others, up to every kind of end.</summary>
public sealed class GeneratorTests : IDisposable
{
    private const string Prompt = "the sum of all";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private readonly ScratchFolder _folder = new();

    public GeneratorTests()
    {
        var tokenizer = BytePairLearner.Learn(["the sum of all the parts of the sum"], new BytePairOptions { VocabularySize = 264 });
        var config = DecoderOnlyPresets.Get("llama-tiny", tokenizer.VocabularySize) with
        {
            Positions = new RotaryPositionsConfig(64),
            EndOfTextIds = [tokenizer.EndOfSentenceId],
            BeginOfTextId = tokenizer.EndOfSentenceId,
        };
        using var model = new DecoderOnly(config, learning: false);
        model.Parameters.Initialize(7);
        LanguageCheckpoint.Save(_folder.FullPath, model);
        tokenizer.Save(_folder["tokenizer.json"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PiecesJoinedAreTheWhole()
    {
        using var generator = Generator.Load(_folder.FullPath);
        foreach (var sampling in new[] { null, new SamplingOptions { Temperature = 0.9, TopK = 30, Seed = 3 } })
        {
            var options = new GenerationOptions { MaxTokens = 40, Sampling = sampling };
            var whole = generator.Generate(Prompt, options, Stop);
            var pieces = new List<string>();
            await foreach (var piece in generator.GenerateStreaming(Prompt, options, Stop))
                pieces.Add(piece);
            Assert.Equal(whole.Text, string.Concat(pieces));
            Assert.Equal(whole.Tokens.Count, whole.LogProbabilities.Count);
            Assert.All(whole.LogProbabilities, p => Assert.True(p <= 0));
        }
    }

    [Fact]
    public void ManyAtOnceWriteWhatEachWritesAlone()
    {
        using var generator = Generator.Load(_folder.FullPath);
        string[] prompts = ["the", "sum of", "all the parts", ""];
        var options = new GenerationOptions { MaxTokens = 20, Sampling = new SamplingOptions { Seed = 5 } };
        var alone = prompts.Select(p => generator.Generate(p, options, Stop).Text).ToArray();
        var together = prompts.AsParallel().AsOrdered().Select(p => generator.Generate(p, options, Stop).Text).ToArray();
        Assert.Equal(alone, together);
    }

    [Fact]
    public void WhatIsWrittenHasTheProbabilityThatScoringGivesIt()
    {
        using var generator = Generator.Load(_folder.FullPath);
        var written = generator.Generate("", new GenerationOptions { MaxTokens = 12, IgnoreEnd = true }, Stop);
        var (model, _) = LanguageCheckpoint.Load(_folder.FullPath, learning: false);
        using (model)
        using (var workspace = new Multihead.Tensors.Workspace(Multihead.Kernels.Threading.ThreadTeam.Shared))
        {
            var score = Multihead.Inference.Decoding.TextScorer.Score(model, workspace, [.. written.Tokens], Stop);
            for (var i = 0; i < written.Tokens.Count; i++)
                Assert.Equal(score.LogProbabilities[i], written.LogProbabilities[i], 1e-5); // single precision against double
            Assert.Equal(Math.Exp(-score.LogProbability / written.Tokens.Count), score.Perplexity);
        }
    }

    [Fact]
    public void AStopTextEndsAndIsNoPart()
    {
        using var generator = Generator.Load(_folder.FullPath);
        var options = new GenerationOptions { MaxTokens = 60, IgnoreEnd = true, LongContext = LongContext.Slide };
        var whole = generator.Generate(Prompt, options, Stop).Text;
        var stop = whole[(whole.Length / 2)..(whole.Length / 2 + 2)];
        var stopped = generator.Generate(Prompt, options with { StopTexts = [stop] }, Stop);
        Assert.Equal(EndReason.StopText, stopped.Reason);
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], stopped.Text);
    }

    [Fact]
    public void AFullContextEndsOrSlides()
    {
        using var generator = Generator.Load(_folder.FullPath);
        var options = new GenerationOptions { MaxTokens = 150, IgnoreEnd = true };
        var ended = generator.Generate(Prompt, options, Stop);
        Assert.Equal(EndReason.ContextIsFull, ended.Reason);
        var slid = generator.Generate(Prompt, options with { LongContext = LongContext.Slide }, Stop);
        Assert.Equal((150, EndReason.MaxTokens), (slid.Tokens.Count, slid.Reason));
        Assert.Equal(ended.Tokens, slid.Tokens.Take(ended.Tokens.Count));
    }

    [Fact]
    public void ALongPromptIsRefusedOrCut()
    {
        using var generator = Generator.Load(_folder.FullPath);
        var prompt = string.Concat(Enumerable.Repeat("xyz ", 50));
        var error = Assert.Throws<MultiheadException>(() => generator.Generate(prompt, cancellation: Stop));
        Assert.Contains("reads at most 64", error.Message, StringComparison.Ordinal);
        var written = generator.Generate(prompt, new GenerationOptions { LongContext = LongContext.Cut, MaxTokens = 5 }, Stop);
        Assert.Single(written.Tokens); // the context is full after it
    }

    [Fact]
    public void FilesThatDoNotFitAreNamed()
    {
        var config = _folder["config.json"];
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"intermediate_size\": 172", "\"intermediate_size\": 173",
            StringComparison.Ordinal));
        var error = Assert.Throws<MultiheadException>(() => Generator.Load(_folder.FullPath));
        Assert.Contains("gate_proj", error.Message, StringComparison.Ordinal);
    }
}
