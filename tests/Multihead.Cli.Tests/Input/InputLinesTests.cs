using System.IO.Compression;
using System.Text;
using Multihead.Cli.Input;

namespace Multihead.Cli.Tests.Input;

public sealed class InputLinesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("\uFEFFa\n\uFEFFb", "a|\uFEFFb")]
    [InlineData("a\rb\u2028c\u0085d", "a\rb\u2028c\u0085d")]
    public void OnlyLineFeedsEndLines(string content, string expected)
    {
        var lines = InputLines.Read(_folder.Write("text", content)).ToArray();
        Assert.Equal(expected, string.Join('|', lines));
        Assert.Equal(content.Split('\n').Length - (content.Length == 0 || content.EndsWith('\n') ? 1 : 0), lines.Length);
    }

    [Fact]
    public void LinesOfEveryLengthCrossTheBufferWhole()
    {
        var random = new Random(1);
        var some = Enumerable.Range(0, 200).Select(i => new string((char)('a' + i % 26), random.Next(3_000)));
        string[] lines = [.. some, new('ä', 200_000), "end"];
        Assert.Equal(lines, InputLines.Read(_folder.Write("text", string.Join('\n', lines))));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, 0)]
    [InlineData(new byte[] { (byte)'a', 0xC3 }, 1)] // the second byte of a letter is missing
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 0)] // a surrogate
    public void BadBytesAreToldByFileLineAndPlace(byte[] bytes, int place)
    {
        var path = _folder.Write("bad", [.. Encoding.UTF8.GetBytes("gut\nübel\n"), .. bytes, (byte)'\n']);
        var e = Assert.Throws<MultiheadException>(() => InputLines.Read(path).Count());
        Assert.Contains($"'{path}', line 3, is not valid UTF-8 at byte {place} ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GzipIsUnpackedAndToldWhenDamaged()
    {
        string[] lines = [.. Enumerable.Range(0, 2_000).Select(i => $"Zeile {i * i}")];
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Equal(lines, InputLines.Read(_folder.Write("text.gz", packed.ToArray())));

        // As processes: that a cut file is noticed is a setting of the tool's.
        var text = _folder.Write("text", string.Join('\n', lines));
        string[] files = [_folder.Write("cut.gz", packed.ToArray()[..^100]), _folder.Write("plain.gz", "no gzip\n")];
        foreach (var damaged in files)
        {
            Tool.Run("score", damaged, text).FailedWith(1, $"'{damaged}' cannot be unpacked");
            Tool.Run("corpus", "split", damaged, text, "--out", _folder["out"]).FailedWith(1, damaged, "gzip");
        }
    }

    [Fact]
    public void WhatIsNoFileIsToldByName()
    {
        Assert.Contains("no file 'nowhere'", Assert.Throws<MultiheadException>(() => InputLines.Read("nowhere").Count()).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<MultiheadException>(() => InputLines.Read(_folder["."]).Count()).Message,
            StringComparison.Ordinal);
    }
}
