using Multihead.Models.Formats.CTranslate2;

namespace Multihead.Tests.Models.Formats.CTranslate2;

public sealed class CTranslate2FileTests
{
    private const string Encoder = "encoder/layer_0/ffn/linear_0/weight";

    [Theory]
    [InlineData("v1/aren-transliteration", 1u, "")]
    [InlineData("v2/aren-transliteration", 2u, "TransformerBase")]
    [InlineData("v2/aren-transliteration-i16", 2u, "TransformerBase")]
    [InlineData("v2/aren-transliteration-i8", 2u, "TransformerBase")]
    public void OneModelIsTheSameInEveryFile(string folder, uint version, string specification)
    {
        using var reference = Open("ctranslate2-aren/v2/aren-transliteration");
        using var file = Open($"ctranslate2-aren/{folder}");
        Assert.Equal((version, specification), (file.Version, file.Specification));
        var name = version == 1 ? "transformer/encoder/layer_0/ffn/conv1d/kernel:0" : Encoder;
        Assert.Equal([128L, 32L], file.Find(name).Shape);
        var (expected, actual) = (Values(reference, Encoder), Values(file, name));
        for (var row = 0; row < 128; row++)
        {
            var largest = expected.Skip(32 * row).Take(32).Max(MathF.Abs);
            // A step of 8 bits a row, of 16 bits over a matrix: converters of that time cut off what they now round.
            var most = folder.EndsWith("i8", StringComparison.Ordinal) ? 1.01f * largest / 127
                : folder.EndsWith("i16", StringComparison.Ordinal) ? 1e-3f : 0;
            for (var i = 32 * row; i < 32 * row + 32; i++) Assert.InRange(MathF.Abs(actual[i] - expected[i]), 0, most);
        }
    }

    [Fact]
    public void ANewFileHasItsFlagsNumbersAndHalves()
    {
        using var file = Open("onmt-lm-ct2");
        Assert.Equal((6u, "TransformerDecoderSpec", 7u), (file.Version, file.Specification, file.Revision));
        Assert.Equal(49, file.Entries.Count);
        Assert.Equal([1f], Values(file, "decoder/pre_norm"));
        Assert.Equal([2f], Values(file, "decoder/num_heads"));
        Assert.Equal([0f], Values(file, "decoder/activation"));
        Assert.Equal([-1f], Values(file, "decoder/alignment_layer"));
        // Positions begin with sines of 0 and cosines of 0.
        var encodings = Values(file, "decoder/position_encodings/encodings");
        Assert.All(encodings, value => Assert.InRange(value, -1, 1));
        Assert.Equal(file.Find("decoder/embeddings/weight").ElementCount, Values(file, "decoder/embeddings/weight").Length);
    }

    [Fact]
    public void DamagedFilesAreReadOrRefused()
    {
        var whole = Small();
        var seen = FormatFuzz.Run(whole, whole.Length, TestScale.Rounds(4000), path =>
        {
            using var file = CTranslate2File.Open(path);
            foreach (var entry in file.Entries) Values(file, entry.Name);
        });
        Assert.True(seen[""] > 0 && seen.Count >= 8, string.Join('\n', seen));
    }

    // Version 6: a weight of 8 bits with its scales, a flag, a half, and an alias of the weight.
    private static byte[] Small()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(6u);
        Text("Spec");
        writer.Write(3u);
        writer.Write(4u);
        Variable("a/weight", [2, 3], 1, [1, 2, 3, 4, 5, 6]);
        Variable("a/weight_scale", [2], 0, [0, 0, 128, 63, 0, 0, 128, 63]);
        Variable("flag", [], 1, [1]);
        Variable("half", [1], 4, [0, 60]);
        writer.Write(1u);
        Text("b/weight");
        Text("a/weight");
        return memory.ToArray();

        void Text(string text)
        {
            writer.Write((ushort)(text.Length + 1));
            writer.Write(System.Text.Encoding.ASCII.GetBytes(text + "\0"));
        }

        void Variable(string name, uint[] shape, byte type, byte[] data)
        {
            Text(name);
            writer.Write((byte)shape.Length);
            foreach (var size in shape) writer.Write(size);
            writer.Write(type);
            writer.Write(data.Length);
            writer.Write(data);
        }
    }

    private static CTranslate2File Open(string folder) =>
        CTranslate2File.Open(Path.Combine(TestData.Require("weights", folder), "model.bin"));

    private static float[] Values(CTranslate2File file, string name)
    {
        var values = new float[file.Find(name).ElementCount];
        file.Read(name, values);
        return values;
    }
}
