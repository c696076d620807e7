using System.IO.Compression;
using System.Text;
using Multihead.Text.Corpora;

namespace Multihead.Tests.Text.Corpora;

public sealed class AlignedFilesTests : IDisposable
{
    private static readonly SentencePair[] Pairs = [new("one", "eins"), new("", "zwei"), new("three \u2028", "drei\ttabs")];
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\n", true, "", "")]
    [InlineData("\n", false, "", "")] // no end of the last line
    [InlineData("\r\n", true, "", "")]
    [InlineData("\r\n", false, "", "")]
    [InlineData("\n", true, "\uFEFF", "")]
    [InlineData("\r\n", true, "\uFEFF", ".gz")]
    [InlineData("\n", false, "", ".gz")]
    public void EveryLineIsARow(string end, bool lastEnds, string mark, string ending)
    {
        var corpus = AlignedFiles.Read(Write("all.en" + ending, pair => pair.Source), Write("all.de", pair => pair.Target));
        Assert.Equal(Pairs, corpus.Pairs);
        Assert.Empty(corpus.Dropped);
        Assert.Equal($"all.en{ending} and all.de", corpus.Name);

        string Write(string name, Func<SentencePair, string> side)
        {
            var bytes = Encoding.UTF8.GetBytes(mark + string.Join(end, Pairs.Select(side)) + (lastEnds ? end : ""));
            using var stream = File.Create(_folder[name]);
            using Stream file = ending.Length > 0 && name.EndsWith(ending, StringComparison.Ordinal)
                ? new GZipStream(stream, CompressionMode.Compress)
                : stream;
            file.Write(bytes);
            return _folder[name];
        }
    }

    [Fact]
    public void DifferentLineCountsAreBothNamed()
    {
        var (three, two) = (_folder.Write("three", "a\nb\nc\n"), _folder.Write("two", "a\nb"));
        Assert.Contains($"'{three}' has 3 lines and '{two}' has 2", Fault(three, two), StringComparison.Ordinal);
        Assert.Contains($"'{two}' has 2 lines and '{three}' has 3", Fault(two, three), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrongWithEitherFileIsToldByName()
    {
        var good = _folder.Write("good", "a\nb\n");
        var empty = _folder.Write("empty", "");
        var latin1 = _folder.Write("latin1", [(byte)'a', (byte)'\n', (byte)'g', 0xFC]);
        foreach (var (bad, words) in new[]
        {
            (empty, $"'{empty}' is empty"),
            (latin1, $"'{latin1}', line 2, is not valid UTF-8 at byte 1 "),
            (_folder["missing"], $"There is no file '{_folder["missing"]}'"),
            (_folder["."], $"'{_folder["."]}' is a folder"),
        })
        {
            Assert.Contains(words, Fault(bad, good), StringComparison.Ordinal);
            Assert.Contains(words, Fault(good, bad), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ALineOfAMillionWordsIsTaken()
    {
        var line = string.Join(' ', Enumerable.Repeat("word", 1_000_000));
        var path = _folder.Write("long", line + "\nshort\n");
        Assert.Equal([new(line, line), new("short", "short")], AlignedFiles.Read(path, path).Pairs);
    }

    private static string Fault(string source, string target) =>
        Assert.Throws<MultiheadException>(() => AlignedFiles.Read(source, target)).Message;
}
