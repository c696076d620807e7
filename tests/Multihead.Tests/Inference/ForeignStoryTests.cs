using Multihead.Inference;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats.Llama2c;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Inference;

/// <summary>A model that somebody else trained and saved with llama2.c tells the story that llama2.c tells, from its own files and
/// from a Hugging Face folder.</summary>
public class ForeignStoryTests
{
    [Fact]
    public void TheGreedyStoryIsTheSameToTheLastCharacter()
    {
        var model = Load(out var tokenizer);
        using var generator = new Generator(model, tokenizer, ThreadTeam.Shared);
        AssertStory(generator);
    }

    [Fact]
    public void ThroughAHuggingFaceFolderItIsTheSame()
    {
        using var scratch = new ScratchFolder();
        using (var model = Load(out var tokenizer))
        {
            LanguageCheckpoint.Save(scratch.FullPath, model);
            tokenizer.Save(scratch["tokenizer.json"]);
        }
        using var generator = Generator.Load(scratch.FullPath);
        AssertStory(generator);
    }

    private static void AssertStory(Generator generator)
    {
        var expected = File.ReadAllText(TestData.Require("weights/stories260K/expected_greedy.txt")).TrimEnd('\n');
        var written = generator.Generate("", new GenerationOptions { MaxTokens = 400 }, TestContext.Current.CancellationToken);
        Assert.StartsWith(expected, written.Text.TrimStart(), StringComparison.Ordinal);
    }

    private static unsafe DecoderOnly Load(out Tokenizer tokenizer)
    {
        var folder = TestData.Require("weights/stories260K");
        using var file = Llama2cFile.Open(Path.Combine(folder, "stories260K.bin"));
        tokenizer = Llama2cTokenizerReader.Read(Path.Combine(folder, "tok512.bin"), file.Config.VocabularySize);
        var model = new DecoderOnly(file.Config, learning: false);
        WeightFile.Read(model.Parameters, file.Read);
        return model;
    }
}
