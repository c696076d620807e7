using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Training;

namespace Multihead.Tests.Training;

public class WeightAverageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public unsafe void IsThePlainMean(int count)
    {
        using var folder = new ScratchFolder();
        using var model = new EncoderDecoder(TinyModel.Config(), learning: false);
        var store = model.Parameters;
        var means = new double[store.FlatCount];
        List<string> paths = [];
        for (var i = 0; i < count; i++)
        {
            store.Initialize((ulong)i);
            for (var k = 0; k < means.Length; k++) means[k] += store.Values[k] / (double)count;
            paths.Add(folder[$"{i}.safetensors"]);
            SafetensorsWriter.Write(paths[i], [.. WeightFile.Sources(store, (nint)store.Values)]);
        }
        WeightAverage.Load(paths, store);
        for (var k = 0; k < means.Length; k++) Assert.Equal(means[k], store.Values[k], 1e-12 + 1e-7 * Math.Abs(means[k]));
    }
}
