using Multihead.Inference;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Inference;

[Collection(TrainedTranslator.Name)]
public sealed class TranslatorLoadTests : IDisposable
{
    private readonly ScratchFolder _copy;

    public TranslatorLoadTests(TrainedTranslator trained) => _copy = trained.Copy();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void ACopyTranslatesAsTheOriginal()
    {
        using var translator = Translator.Load(_copy.FullPath + "/");
        Assert.Equal("Es regnet.", translator.Translate("It is raining.", null, TestContext.Current.CancellationToken).Text);
    }

    [Fact]
    public void AMissingFolderIsNamed()
    {
        AssertRefused(_copy["nowhere"], $"There is no folder '{_copy["nowhere"]}'");
        AssertRefused(_copy["config.json"], "There is no folder");
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("model.safetensors")]
    public void AMissingOrCutFileIsNamed(string name)
    {
        var bytes = File.ReadAllBytes(_copy[name]);
        File.Delete(_copy[name]);
        AssertRefused(_copy.FullPath, name);
        File.WriteAllBytes(_copy[name], bytes[..(bytes.Length / 2)]);
        AssertRefused(_copy.FullPath, name);
        File.WriteAllBytes(_copy[name], []);
        AssertRefused(_copy.FullPath, name);
    }

    [Fact]
    public void ATokenizerWithMoreTokensThanTheModelIsRefused()
    {
        var texts = Enumerable.Range(0, 300).Select(i => $"word{i % 100} and another{i % 100}");
        BytePairLearner.Learn(texts, new BytePairOptions { VocabularySize = 350 }).Save(_copy["tokenizer.json"]);
        AssertRefused(_copy.FullPath, "tokenizer.json has 350 tokens, but config.json says 320");
    }

    [Fact]
    public void WeightsOfAnotherShapeAreRefused()
    {
        var config = ModelConfigJson.Read(_copy["config.json"]);
        ModelConfigJson.Write(_copy["config.json"], config with { FeedForwardDim = 256 });
        AssertRefused(_copy.FullPath, "the model wants [256, 64]");
        ModelConfigJson.Write(_copy["config.json"], config with { DecoderLayerCount = 2 });
        AssertRefused(_copy.FullPath, "model.decoder.layers.1.");
    }

    [Fact]
    public void WeightsInShardsAreRead()
    {
        using (var whole = SafetensorsFile.Open(_copy["model.safetensors"])) WriteShards(whole);
        File.Delete(_copy["model.safetensors"]);
        using var translator = Translator.Load(_copy.FullPath);
        Assert.Equal("Es regnet.", translator.Translate("It is raining.", null, TestContext.Current.CancellationToken).Text);
    }

    private unsafe void WriteShards(SafetensorsFile whole)
    {
        List<TensorSource> sources = [];
        foreach (var entry in whole.Entries)
        {
            var values = GC.AllocateArray<float>((int)entry.ElementCount, pinned: true);
            whole.ReadFloat32(entry.Name, values);
            fixed (float* data = values) sources.Add(new TensorSource(entry.Name, entry.Shape, (nint)data));
            _kept.Add(values);
        }
        SafetensorsFolderWriter.Write(_copy["shards"], sources, maxShardBytes: 100_000);
        foreach (var path in Directory.GetFiles(_copy["shards"])) File.Move(path, _copy[Path.GetFileName(path)]);
    }

    private readonly List<float[]> _kept = [];

    private static void AssertRefused(string folder, string words)
    {
        var message = Assert.Throws<MultiheadException>(() => Translator.Load(folder)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
