using Multihead.Models.Formats.Gguf;

namespace Multihead.Tests.Models.Formats.Gguf;

public sealed unsafe class GgufFileTests : IDisposable
{
    private static readonly Dictionary<string, object> Values = new()
    {
        ["u8"] = (byte)200,
        ["i8"] = (sbyte)-3,
        ["u16"] = (ushort)60000,
        ["i16"] = (short)-300,
        ["u32"] = 4_000_000_000u,
        ["i32"] = -5,
        ["f32"] = 1.5f,
        ["bool"] = true,
        ["text"] = "Grüße",
        ["u64"] = ulong.MaxValue,
        ["i64"] = long.MinValue,
        ["f64"] = Math.PI,
        ["texts"] = new[] { "", "a", "▁b" },
        ["floats"] = new[] { 1f, -2f },
        ["ints"] = new[] { 1, -2, 3 },
        ["bools"] = new[] { true, false },
        ["none"] = Array.Empty<uint>(),
    };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var whole = Write(_folder["x"]);
        using var file = GgufFile.Open(_folder["x"]);
        Assert.Equal(Values.Keys, file.Metadata.Keys);
        foreach (var (key, value) in Values) Assert.Equal(value, file.Metadata[key]);
        Assert.Equal(["f32", "f16", "q8", "q4"], file.Entries.Select(e => e.Name));
        Assert.All(file.Entries, e => Assert.Equal(0, e.Offset % 32));
        Assert.Equal([3L, 64L], file.Find("q8").Shape);
        Assert.Equal(64, BitConverter.ToInt64(whole, whole.AsSpan().IndexOf("q8"u8) + 2 + 4)); // innermost first
        var values = Sample();
        Assert.Equal(values, Read(file, "f32"));
        Assert.Equal(values.Select(v => (float)(Half)v), Read(file, "f16"));
        foreach (var (name, levels) in new[] { ("q8", 127f), ("q4", 8f) })
        {
            // A step is the largest of 32 over the levels; half of one is lost, of 4 bits' positive end a whole one, and the
            // scale itself has 11 bits.
            var read = Read(file, name);
            for (var i = 0; i < values.Length; i++)
            {
                var largest = values.Skip(i / 32 * 32).Take(32).Max(MathF.Abs);
                Assert.InRange(MathF.Abs(read[i] - values[i]), 0, largest * ((levels < 100 ? 1.01f : 0.51f) / levels + 0.001f));
            }
        }
    }

    [Fact]
    public void BlocksOfEightBitsAreGgmls()
    {
        var source = new float[32];
        (source[0], source[1], source[2], source[3]) = (-127, 0.5f, 1.5f, -2.5f); // the scale is 1: halves away from zero
        var bytes = new byte[34];
        GgufQ8_0.Encode(source, bytes);
        Assert.Equal([0x00, 0x3C, 0x81, 1, 2, 0xFD, 0], bytes[..7]);
    }

    [Fact]
    public void BlocksOfFourBitsAreGgmls()
    {
        var source = new float[32];
        (source[0], source[1], source[2], source[16], source[17]) = (-8, 8, 0.5f, -0.5f, -3.6f); // the first extreme: scale 1
        var bytes = new byte[18];
        GgufQ4_0.Encode(source, bytes);
        Assert.Equal([0x00, 0x3C, 0 | 8 << 4, 15 | 4 << 4, 9 | 8 << 4, 8 | 8 << 4], bytes[..6]);
    }

    [Fact]
    public void SuperblocksAreReadAsPlainLoopsReadThem()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var (q4, q6) = (new byte[144], new byte[210]);
            random.NextBytes(q4);
            random.NextBytes(q6);
            foreach (var (block, at) in new[] { (q4, 0), (q4, 2), (q6, 208) })
                BitConverter.TryWriteBytes(block.AsSpan(at), (Half)(random.NextSingle() - 0.5f));
            var actual = new float[256];
            GgufQ4_K.Decode(q4, actual);
            Assert.Equal(PlainGguf.Q4K(q4), actual);
            GgufQ6_K.Decode(q6, actual);
            Assert.Equal(PlainGguf.Q6K(q6), actual);
        }
    }

    [Theory]
    [InlineData("llama-spm", "llama", 32000)]
    [InlineData("gpt-2", "gpt2", 50257)]
    [InlineData("phi-3", "phi3", 32064)]
    [InlineData("starcoder", "starcoder2", 49152)]
    [InlineData("falcon", "falcon", 65024)]
    [InlineData("bert-bge", "bert", 30522)]
    public void RealVocabulariesAreRead(string name, string architecture, int tokens)
    {
        using var file = GgufFile.Open(TestData.Require("tokenizer-fixtures", "ggml-vocab", $"ggml-vocab-{name}.gguf"));
        Assert.Equal(architecture, file.Metadata["general.architecture"]);
        Assert.Equal(tokens, ((string[])file.Metadata["tokenizer.ggml.tokens"]).Length);
        Assert.Empty(file.Entries);
    }

    [Fact]
    public void DamagedFilesAreReadOrRefused()
    {
        var whole = Write(_folder["x"]);
        int head;
        using (var file = GgufFile.Open(_folder["x"])) head = (int)file.Entries[0].Offset;
        var seen = FormatFuzz.Run(whole, head, TestScale.Rounds(4000), path =>
        {
            using var file = GgufFile.Open(path);
            foreach (var entry in file.Entries)
                if (GgufBlock.Of(entry.Type) is not null) file.Read(entry.Name, new float[entry.ElementCount]);
        });
        var begin = seen.Where(s => s.Key.Contains("does not begin", StringComparison.Ordinal)).Sum(s => s.Value);
        Assert.True(seen[""] > 0 && seen.Count >= 12 && begin < TestScale.Rounds(4000) / 2, string.Join('\n', seen));
    }

    private static float[] Sample()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, 3 * 64).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static float[] Read(GgufFile file, string name)
    {
        var values = new float[file.Find(name).ElementCount];
        file.Read(name, values);
        return values;
    }

    private static byte[] Write(string path)
    {
        GgufSource.Filler fill = destination => Sample().CopyTo(new Span<float>(destination, 3 * 64));
        GgufWriter.Write(path, Values,
        [
            new("f32", [3, 64], GgufType.F32, fill), new("f16", [64, 3], GgufType.F16, fill),
            new("q8", [3, 64], GgufType.Q8_0, fill), new("q4", [192], GgufType.Q4_0, fill),
        ]);
        return File.ReadAllBytes(path);
    }
}
