using System.Runtime.InteropServices;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Formats;

public sealed class SafetensorsFolderTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";
    private readonly ScratchFolder _folder = new();
    private readonly SampleTensors _sample = new(1, ("a", [10]), ("b", [2, 5]), ("c", [10]));

    public void Dispose()
    {
        _sample.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void SmallWeightsAreOneFile()
    {
        SafetensorsFolderWriter.Write(_folder.FullPath, _sample.Sources);
        Assert.Equal(["model.safetensors"], _folder.FileNames());
        AssertHoldsTheSample();
    }

    [Fact]
    public void LargeWeightsAreShardsUnderHuggingFacesNames()
    {
        WriteTwoShards();
        Assert.Equal([First, Second, "model.safetensors.index.json"], _folder.FileNames());
        AssertHoldsTheSample();
        using var index = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_folder[SafetensorsFolder.IndexFileName]));
        Assert.Equal(120, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal(Second, index.RootElement.GetProperty("weight_map").GetProperty("c").GetString());
    }

    [Fact]
    public void ATensorAboveTheLimitHasAShardOfItsOwn()
    {
        SafetensorsFolderWriter.Write(_folder.FullPath, _sample.Sources, maxShardBytes: 1);
        Assert.Equal(4, _folder.FileNames().Length);
        AssertHoldsTheSample();
    }

    [Fact]
    public void AnyKindOfSaveReplacesAnyOther()
    {
        using var newer = new SampleTensors(2, ("a", [10]), ("b", [2, 5]), ("c", [10]));
        File.WriteAllText(_folder["model-of-mine-00001-of-00001.safetensors"], "not ours");
        long[] limits = [1, 80, 1000, 80, 1, 1, 1000, 1000, 80, 80];
        foreach (var (i, limit) in limits.Index())
        {
            SafetensorsFolderWriter.Write(_folder.FullPath, i % 2 == 0 ? newer.Sources : _sample.Sources, maxShardBytes: limit);
            if (i % 2 != 0) AssertHoldsTheSample();
            // The shards and their index, or the single file; and the foreign one.
            Assert.Equal(1 + (limit == 1000 ? 1 : limit == 80 ? 3 : 4), _folder.FileNames().Length);
        }
    }

    [Theory]
    [InlineData("../" + First, "not the plain name")]
    [InlineData("/tmp/" + First, "not the plain name")]
    [InlineData("..\\\\" + First, "not the plain name")]
    [InlineData("C:" + First, "not the plain name")]
    [InlineData("", "not the plain name")]
    [InlineData(".safetensors", "not the plain name")]
    [InlineData("config.json", "not the plain name")]
    [InlineData("model-00003-of-00002.safetensors", "There is no file")]
    [InlineData(Second, "has no tensor 'a', though model.safetensors.index.json puts it there")]
    public void ATamperedIndexIsRefused(string shard, string expected)
    {
        WriteTwoShards();
        var index = File.ReadAllText(_folder[SafetensorsFolder.IndexFileName]);
        File.WriteAllText(_folder[SafetensorsFolder.IndexFileName], index.Replace($"\"a\": \"{First}\"", $"\"a\": \"{shard}\"",
            StringComparison.Ordinal));
        Assert.Contains(expected, Error(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":1}}""", "'weight_map.a' is the number 1, not a string")]
    [InlineData("""{"weight_map":{"a":null}}""", "'weight_map.a' is null, not a string")]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""", "'weight_map.a' is there twice")]
    [InlineData("""{"weight_map":["a"]}""", "'weight_map' is an array, not an object")]
    [InlineData("""{"weights":{}}""", "'weight_map' is missing")]
    [InlineData("""[]""", "the whole is an array, not an object")]
    [InlineData("""{"weight_map":{}""", "not valid JSON at line 1, byte 17")]
    [InlineData("", "not valid JSON")]
    public void AnIndexThatIsNoneIsRefused(string index, string expected)
    {
        File.WriteAllText(_folder[SafetensorsFolder.IndexFileName], index);
        Assert.Contains(expected, Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnIndexOfOthersMaySayMoreAndLess()
    {
        WriteTwoShards();
        File.WriteAllText(_folder[SafetensorsFolder.IndexFileName],
            $$$"""{"metadata":{"total_size":1.2e2,"who":{}},"extra":[1],"weight_map":{"c":"{{{Second}}}"}}""");
        using var weights = SafetensorsFolder.Open(_folder.FullPath);
        Assert.Equal(["c"], weights.Names);
        var error = Assert.Throws<MultiheadException>(() => weights.Find("a"));
        Assert.Contains("no tensor 'a'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithoutWeightsIsNamed() => Assert.Contains("has neither", Error(), StringComparison.Ordinal);

    private void WriteTwoShards() => SafetensorsFolderWriter.Write(_folder.FullPath, _sample.Sources, maxShardBytes: 80);

    private string Error() => Assert.Throws<MultiheadException>(() => SafetensorsFolder.Open(_folder.FullPath)).Message;

    private void AssertHoldsTheSample()
    {
        using var weights = SafetensorsFolder.Open(_folder.FullPath);
        Assert.Equal(["a", "b", "c"], weights.Names.Order(StringComparer.Ordinal));
        foreach (var source in _sample.Sources)
        {
            var values = new float[10];
            weights.Read(source.Name, source.Shape, values);
            Assert.True(_sample.Bits(source.Name).SequenceEqual(MemoryMarshal.Cast<float, uint>(values)));
        }
    }
}
