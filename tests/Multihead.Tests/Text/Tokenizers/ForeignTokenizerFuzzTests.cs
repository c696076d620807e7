using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>Foreign files damaged at random: each loads and encodes, or is refused in one line that names it.</summary>
public sealed class ForeignTokenizerFuzzTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private int _loaded, _refused;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SentencePiece()
    {
        byte[] good = [
            .. Piece("<unk>", 2), .. Piece("<s>", 3), .. Piece("</s>", 3), .. Piece("▁a", 1), .. Piece("a", 1), .. Piece("b", 1),
            .. Piece("ab", 1), .. Piece("<x>", 4), .. (byte[])[0x12, 4, 0x18, 1, 0xC8, 2], 1, // trainer: unigram, begin 1
            0x1A, 27, 0x12, 21, 12, 0, 0, 0, 0, 4, 0, 0, 0x61, 4, 0, 0, 7, 0, 0, 0x80, 0x41, 0, 0x42, 0, 0, 0x18, 1, 0x20, 1];
        good[good.AsSpan().LastIndexOf<byte>([0x12, 4, 0x18, 1]) + 1] = 5; // the trainer's length, with its two-byte key
        Fuzz(good, "x.model", Tokenizer.Load, 2000);
    }

    [Fact]
    public void Llama2c()
    {
        var good = new List<byte> { 7, 0, 0, 0 };
        for (var id = 0; id < 264; id++) good.AddRange([0, 0, 0x80, 0x3F, 1, 0, 0, 0, (byte)('a' + id % 26)]);
        Fuzz([.. good], "x.bin", path => Llama2cTokenizerReader.Read(path, 264), 1000);
    }

    [Fact]
    public void Tiktoken()
    {
        var lines = Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}")
            .Append("YWI= 256");
        Fuzz(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', lines)), "gpt2.tiktoken", Tokenizer.Load, 1000);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void PieceJson(string model)
    {
        var arrays = new VocabularyArrays
        {
            Model = model,
            Begin = 1,
            End = 2,
            AddsBegin = true,
            AddsEnd = true,
            RemovesExtraSpaces = true,
            Tokens = ["<unk>", "<s>", "</s>", "a", "b", "ab", "▁", "▁ab", "<x>"],
            Scores = [0, 0, 0, -5, -4, -1, -3, -2, 0],
            Types = [2, 3, 3, 1, 1, 1, 1, 1, 4],
        };
        VocabularyArraysReader.Read(arrays, "x").Save(_folder["good.json"]);
        var good = File.ReadAllBytes(_folder["good.json"]);
        Fuzz(good, "tokenizer.json", Tokenizer.Load, 1500, (bytes, random) =>
        {
            if (random.Next(4) == 0) return Damaged(bytes, random);
            var root = JsonNode.Parse(bytes)!;
            for (var changes = random.Next(1, 3); changes > 0; changes--) TokenizerJsonFuzzTests.Exchange(root, random);
            return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
        });
    }

    private void Fuzz(
        byte[] good, string name, Func<string, Tokenizer> load, int rounds, Func<byte[], Random, byte[]>? damage = null)
    {
        damage ??= Damaged;
        var random = new Random(1);
        Check(good, _folder[name], load);
        Assert.Equal(1, _loaded);
        for (var i = 0; i < TestScale.Rounds(rounds); i++) Check(damage(good, random), _folder[name], load);
        Assert.True(_loaded > 1 && _refused > 0);
    }

    private void Check(byte[] bytes, string path, Func<string, Tokenizer> load)
    {
        File.WriteAllBytes(path, bytes);
        try
        {
            var tokenizer = load(path);
            foreach (var text in (string[])["", " ab  <x> abA", "日本\0😀 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
                tokenizer.Decode(tokenizer.Encode(text));
            _loaded++;
        }
        catch (MultiheadException e)
        {
            Assert.Contains($"'{path}'", e.Message);
            Assert.DoesNotContain('\n', e.Message);
            _refused++;
        }
    }

    private static byte[] Damaged(byte[] good, Random random)
    {
        var bytes = good.ToArray();
        var at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 20))..]];
            case 2: return [.. bytes[..at], .. bytes[random.Next(at + 1)..at], .. bytes[at..]];
            case 3:
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Math.Min(at, bytes.Length - 4)),
                    (uint)random.NextInt64(1L << 32));
                return bytes;
            default:
                bytes[at] = (byte)random.Next(256);
                return bytes;
        }
    }

    private static byte[] Piece(string text, byte type)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return [0x0A, (byte)(bytes.Length + 9), 0x0A, (byte)bytes.Length, .. bytes, 0x15, 0, 0, 0x80, 0xBF, 0x18, type];
    }
}
