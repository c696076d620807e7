using Multihead.Inference;

namespace Multihead.Tests.Models.Checkpoints;

/// <summary>A folder whose files do not fit each other is refused by what is wrong with it.</summary>
public class CheckpointFaultTests
{
    [Theory, MemberData(nameof(CheckpointTests.Names), MemberType = typeof(CheckpointTests))]
    public void ANewerFormatIsRefusedByName(string name)
    {
        using var copy = new CheckpointCopy(name);
        copy.Configure("formatVersion", 2);
        AssertRefused(copy, "config.json", "formatVersion 2", "newer");
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer.json")]
    public void AMissingFileIsNamed(string file)
    {
        using var copy = new CheckpointCopy("issue-2/pre-norm");
        File.Delete(copy[file]);
        AssertRefused(copy, file);
    }

    [Fact]
    public void AMissingFolderIsNamed()
    {
        using var scratch = new ScratchFolder();
        Assert.Contains(scratch["none"], Assert.Throws<MultiheadException>(() => Translator.Load(scratch["none"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingTensorIsNamed()
    {
        using var copy = new CheckpointCopy("issue-2/pre-norm");
        copy.Rewrite(tensors => tensors.RemoveAll(t => t.Name == "model.decoder.layers.0.fc1.bias"));
        AssertRefused(copy, "no tensor 'model.decoder.layers.0.fc1.bias'");
    }

    [Fact]
    public void AMisshapenTensorIsNamedWithBothShapes()
    {
        using var copy = new CheckpointCopy("issue-2/pre-norm");
        copy.Rewrite(tensors =>
        {
            var i = tensors.FindIndex(t => t.Name == "model.decoder.layers.0.fc1.weight");
            tensors[i] = tensors[i] with { Shape = [8, 16] };
        });
        AssertRefused(copy, "'model.decoder.layers.0.fc1.weight'", "[8, 16]", "[16, 8]");
    }

    [Theory]
    [InlineData("model.decoder.layers.1.fc1.bias")]
    [InlineData("something")]
    public void ASurplusTensorIsNamed(string surplus)
    {
        using var copy = new CheckpointCopy("issue-2/pre-norm");
        copy.Rewrite(tensors => tensors.Add(tensors[0] with { Name = surplus }));
        AssertRefused(copy, $"tensor '{surplus}'", "no place");
    }

    [Fact]
    public void WhatHuggingFaceWritesBesideIsLetPass()
    {
        using var copy = new CheckpointCopy("issue-2/post-norm");
        const int vocabulary = 270;
        var bias = new float[vocabulary];
        copy.Rewrite(tensors =>
        {
            var table = tensors.Find(t => t.Name == "model.shared.weight");
            tensors.Add(table with { Name = "lm_head.weight" });
            tensors.Add(table with { Name = "model.encoder.embed_positions.weight", Shape = [100, 8] });
            tensors.Add(copy.Tensor("final_logits_bias", [1, vocabulary], bias));
        });
        using (var translator = Translator.Load(copy.FullPath))
            Assert.Equal("gute Nacht", CheckpointTests.Translate(translator, "good night").Text);

        bias[^1] = 1;
        copy.Rewrite(tensors => tensors[^1] = copy.Tensor("final_logits_bias", [1, vocabulary], bias));
        AssertRefused(copy, "'final_logits_bias'", "unless it is zero");
    }

    [Fact]
    public void FilesOfDifferentModelsAreRefused()
    {
        using var copy = new CheckpointCopy("issue-2/pre-norm");
        var other = Path.Combine(CheckpointTests.FolderOf("issue-2/post-norm"), "config.json");
        File.Copy(other, copy["config.json"], overwrite: true);
        AssertRefused(copy, "'model.decoder.layer_norm.bias'", "no place"); // post-norm models have no last norm
        copy.Configure("vocab_size", 200);
        AssertRefused(copy, "tokenizer.json has ", "config.json says 200");
    }

    private static void AssertRefused(CheckpointCopy folder, params string[] expected)
    {
        var message = Assert.Throws<MultiheadException>(() => Translator.Load(folder.FullPath)).Message;
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }
}
