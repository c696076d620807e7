using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;
using Multihead.Models.Formats.Llama2c;

namespace Multihead.Tests.Models.Formats.Llama2c;

public sealed class Llama2cFileTests : IDisposable
{
    private static readonly int[] Small = [8, 12, 2, 2, 1, 5, 3];
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public unsafe void StoriesHaveTheModelOfTheirHeaderAndEveryFloatOfTheFile()
    {
        var path = TestData.Require("weights", "stories260K", "stories260K.bin");
        using var file = Llama2cFile.Open(path);
        var config = file.Config;
        Assert.Equal((64, 172, 5, 8, 4, 512, 8), (config.ModelDim, config.FeedForwardDim, config.LayerCount, config.HeadCount,
            config.KeyValueHeadCount, config.VocabularySize, config.HeadDim));
        Assert.True(config.TieEmbeddings);
        Assert.Null(DecoderOnlyConfigFaults.First(config));
        using var model = new DecoderOnly(config, learning: false);
        WeightFile.Read(model.Parameters, file.Read);

        var floats = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path).AsSpan(28)).ToArray();
        var angles = 2 * 512 * 4; // between the last norm and the end
        var expected = floats[..^angles].Sum(f => (double)f);
        var sum = 0.0;
        foreach (var entry in file.Entries)
        {
            var values = new float[entry.ElementCount];
            file.Read(entry.Name, values);
            sum += values.Sum(f => (double)f);
        }
        Assert.Equal(expected, sum, 1e-6);
        Assert.Equal(floats.Length - angles, file.Entries.Sum(e => e.ElementCount));
    }

    [Fact]
    public void QueryRowsGoFromPairsToHalvesAndOthersStay()
    {
        using var file = Llama2cFile.Open(_folder.Write("small", Bytes(0, shared: false)));
        var (query, value) = (new float[64], new float[32]);
        file.Read("model.layers.1.self_attn.q_proj.weight", query);
        file.Read("model.layers.1.self_attn.v_proj.weight", value);
        // Floats count up from 0: 40 of the embedding, 16 of norms, then queries [2 layers, 8, 8].
        var rows = query.Chunk(8).Select(row => (row[0] - 40 - 16 - 64) / 8);
        Assert.Equal([0, 2, 1, 3, 4, 6, 5, 7], rows);
        var valueStart = 40 + 16 + 128 + 64 + 32;
        Assert.Equal(Enumerable.Range(valueStart, 32).Select(i => (float)i), value);
        Assert.True(file.Contains("lm_head.weight"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public void BothVersionsHoldAllWeightsOfTheirModel(int version, bool shared)
    {
        using var file = Llama2cFile.Open(_folder.Write("small", Bytes(version, shared)));
        using var model = new DecoderOnly(file.Config, learning: false);
        Assert.Equal(WeightFile.Shapes(model.Parameters).Select(s => s.Name).Order(StringComparer.Ordinal),
            file.Names.Order(StringComparer.Ordinal));
        foreach (var (name, shape) in WeightFile.Shapes(model.Parameters)) Assert.Equal(shape, file.Find(name).Shape);
    }

    [Fact]
    public unsafe void PairsAndHalvesUndoEachOther()
    {
        var values = Enumerable.Range(0, 3 * 6 * 5).Select(i => (float)i).ToArray();
        var copy = (float[])values.Clone();
        fixed (float* data = copy)
        {
            RotaryRows.ToPairs(data, 3, 6, 5);
            Assert.Equal([0f, 15f, 5f, 20f, 10f, 25f], copy[..30].Where((_, i) => i % 5 == 0));
            RotaryRows.ToHalves(data, 3, 6, 5);
        }
        Assert.Equal(values, copy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void DamagedFilesAreReadOrRefused(int version)
    {
        var whole = Bytes(version, shared: false);
        var seen = FormatFuzz.Run(whole, version == 0 ? 28 : 37, TestScale.Rounds(2000), path =>
        {
            using var file = Llama2cFile.Open(path);
            foreach (var entry in file.Entries) file.Read(entry.Name, new float[entry.ElementCount]);
        });
        Assert.True(seen[""] > 0 && seen.Count >= 4, string.Join('\n', seen));
    }

    // Floats that count up from 0.
    private static byte[] Bytes(int version, bool shared)
    {
        var numbers = (int[])Small.Clone();
        if (version == 0 && !shared) numbers[5] = -numbers[5];
        var head = new List<byte>();
        if (version == 1) head.AddRange(MemoryMarshal.AsBytes<uint>([0x616b3432, 1]).ToArray());
        head.AddRange(MemoryMarshal.AsBytes<int>(numbers).ToArray());
        if (version == 1) head.Add((byte)(shared ? 1 : 0));
        if (version == 1) head.AddRange(new byte[256 - head.Count]);
        var count = 40 + 2 * (8 + 64 + 32 + 32 + 64 + 8 + 3 * 96) + 8 + (version == 0 ? 2 * 3 * 2 : 0) + (shared ? 0 : 40);
        var data = new byte[4 * count];
        for (var i = 0; i < count; i++) BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), i);
        return [.. head, .. data];
    }
}
