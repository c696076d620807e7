using System.IO.Pipelines;
using System.Text;
using Multihead.Text.Corpora;

namespace Multihead.Tests.Text.Corpora;

public sealed class TextLinesTests : IDisposable
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
        var lines = TextLines.Read(_folder.Write("text", content)).ToArray();
        Assert.Equal(expected, string.Join('|', lines));
        Assert.Equal(content.Split('\n').Length - (content.Length == 0 || content.EndsWith('\n') ? 1 : 0), lines.Length);
    }

    [Fact]
    public void LinesOfEveryLengthCrossTheBufferWhole()
    {
        var random = new Random(1);
        var some = Enumerable.Range(0, 200).Select(i => new string((char)('a' + i % 26), random.Next(3_000)));
        string[] lines = [.. some, new('ä', 200_000), "end"];
        Assert.Equal(lines, TextLines.Read(_folder.Write("text", string.Join('\n', lines))));
    }

    [Fact]
    public async Task APipeIsAnsweredLineByLine()
    {
        var pipe = new Pipe();
        using var lines = TextLines.Read(pipe.Reader.AsStream(), "The pipe").GetEnumerator();
        foreach (var line in (string[])["one", "two", "three"])
        {
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken);
            Assert.True(lines.MoveNext()); // would wait for ever for a second line
            Assert.Equal(line, lines.Current);
        }
        await pipe.Writer.WriteAsync(new byte[] { 0xFF }, TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        var fault = Assert.Throws<MultiheadException>(() => lines.MoveNext());
        Assert.StartsWith("The pipe, line 4, is not valid UTF-8", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, 0)]
    [InlineData(new byte[] { (byte)'a', 0xC3 }, 1)] // the second byte of a letter is missing
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 0)] // a surrogate
    public void BadBytesAreToldByFileLineAndPlace(byte[] bytes, int place)
    {
        var path = _folder.Write("bad", [.. Encoding.UTF8.GetBytes("gut\nübel\n"), .. bytes, (byte)'\n']);
        var e = Assert.Throws<MultiheadException>(() => TextLines.Read(path).Count());
        Assert.Contains($"'{path}', line 3, is not valid UTF-8 at byte {place} ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoFileIsToldByName()
    {
        Assert.Contains("no file 'nowhere'", Fault("nowhere"), StringComparison.Ordinal);
        Assert.Contains("is a folder", Fault(_folder["."]), StringComparison.Ordinal);
        Assert.Contains("no file 'nowhere/at/all'", Fault("nowhere/at/all"), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadingAllRefusesWhatIsEmptyOrTooLarge()
    {
        var empty = _folder.Write("empty", "");
        Assert.Contains($"'{empty}' is empty", Assert.Throws<MultiheadException>(() => TextLines.ReadAll(empty)).Message,
            StringComparison.Ordinal);
        var large = _folder.Write("large", string.Concat(Enumerable.Repeat("123456789\n", 100)));
        Assert.Equal(100, TextLines.ReadAll(large, 100 * 50).Count);
        Assert.Contains($"'{large}' would take more than 4999 bytes",
            Assert.Throws<MultiheadException>(() => TextLines.ReadAll(large, 4999)).Message, StringComparison.Ordinal);
    }

    private static string Fault(string path) => Assert.Throws<MultiheadException>(() => TextLines.Read(path).Count()).Message;
}
