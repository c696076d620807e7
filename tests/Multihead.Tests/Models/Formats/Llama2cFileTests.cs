using System.Buffers.Binary;
using Multihead.Inference;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Models.Formats;

/// <summary>A model that somebody else trained and saved with llama2.c tells the story that llama2.c tells.</summary>
public class Llama2cFileTests
{
    private static readonly int[] Header = [8, 12, 2, 2, 1, 5, 6]; // dim, hidden, layers, heads, key heads, vocabulary, length

    [Fact]
    public void TheGreedyStoryIsTheSameToTheLastCharacter()
    {
        var folder = TestData.Require("weights/stories260K");
        using var generator = Open(Path.Combine(folder, "stories260K.bin"), Path.Combine(folder, "tok512.bin"));
        var expected = File.ReadAllText(Path.Combine(folder, "expected_greedy.txt")).TrimEnd('\n');
        var written = generator.Generate("", new GenerationOptions { MaxTokens = 400 }, TestContext.Current.CancellationToken);
        Assert.StartsWith(expected, written.Text.TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void ThroughAHuggingFaceFolderTheWeightsAreTheSame()
    {
        var path = Path.Combine(TestData.Require("weights/stories260K"), "stories260K.bin");
        using var scratch = new ScratchFolder();
        using var model = Load(path);
        LanguageCheckpoint.Save(scratch.FullPath, model);
        using var weights = SafetensorsFolder.Open(scratch.FullPath);
        using var again = new DecoderOnly(model.Config, learning: false);
        unsafe
        {
            WeightFile.Read(again.Parameters, weights.Read);
            Assert.True(new Span<float>(model.Parameters.Values, (int)model.Parameters.FlatCount)
                .SequenceEqual(new Span<float>(again.Parameters.Values, (int)again.Parameters.FlatCount)));
        }
    }

    [Fact]
    public unsafe void PairsOfNeighboursBecomeHalves()
    {
        using var scratch = new ScratchFolder();
        var path = Write(scratch, Header, floats: null);
        using var file = Llama2cFile.Open(path);
        var query = new float[8 * 8];
        fixed (float* first = query) file.Read("model.layers.1.self_attn.q_proj.weight", [8, 8], first);
        // Behind the table and the norms of two layers come their queries; the floats count up.
        var start = 5 * 8 + 2 * 8 + 8 * 8;
        int[] order = [0, 2, 1, 3, 4, 6, 5, 7];
        Assert.Equal(order.SelectMany(row => Enumerable.Range(start + row * 8, 8)).Select(i => (float)i), query);
    }

    [Theory]
    [InlineData(0, 0, "ModelDim is 0")]
    [InlineData(2, int.MaxValue, "LayerCount is 2147483647")]
    [InlineData(3, 3, "do not divide")]
    [InlineData(4, 0, "KeyValueHeadCount is 0")]
    [InlineData(5, int.MinValue, "VocabularySize is 0")]
    [InlineData(6, -1, "MaxLength is -1")]
    [InlineData(1, 13, "its header asks for")]
    public void AHeaderThatCannotBeMeantIsRefused(int index, int value, string expected)
    {
        using var scratch = new ScratchFolder();
        var header = Header.ToArray();
        header[index] = value;
        var error = Assert.Throws<MultiheadException>(() => Llama2cFile.Open(Write(scratch, header, floats: 100)).Dispose());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomHeadersAreRefusedOrFit()
    {
        using var scratch = new ScratchFolder();
        var random = new Random(5);
        var refused = 0;
        for (var i = 0; i < TestScale.Rounds(1_000); i++)
        {
            var header = Header.ToArray();
            for (var change = random.Next(1, 3); change > 0; change--)
                header[random.Next(7)] = random.Next(3) switch { 0 => random.Next(), 1 => -random.Next(100), _ => random.Next(20) };
            try
            {
                Llama2cFile.Open(Write(scratch, header, floats: null)).Dispose();
            }
            catch (MultiheadException)
            {
                refused++;
            }
        }
        Assert.True(refused > 0);
    }

    private static Generator Open(string weights, string tokenizer)
    {
        var model = Load(weights);
        return new Generator(model, Llama2cTokenizerReader.Read(tokenizer, model.Config.VocabularySize), ThreadTeam.Shared);
    }

    private static unsafe DecoderOnly Load(string path)
    {
        using var file = Llama2cFile.Open(path);
        var model = new DecoderOnly(file.Config, learning: false);
        WeightFile.Read(model.Parameters, file.Read);
        return model;
    }

    // With as many floats, counting up, as the header of the tests asks for, unless said.
    private static string Write(ScratchFolder scratch, int[] header, int? floats)
    {
        const int tables = 5 * 8 + 8 + 6 * 4, layer = 2 * 8 + 2 * 8 * 8 + 2 * 4 * 8 + 3 * 8 * 12;
        var bytes = new byte[7 * 4 + 4 * (floats ?? tables + 2 * layer)];
        for (var i = 0; i < 7; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), header[i]);
        for (var i = 0; 28 + 4 * i < bytes.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(28 + 4 * i), i);
        File.WriteAllBytes(scratch["model.bin"], bytes);
        return scratch["model.bin"];
    }
}
