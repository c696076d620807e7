using System.IO.Compression;
using System.Text;
using Multihead.Text.Corpora;

namespace Multihead.Tests.Text.Corpora;

public sealed class WholeGzipStreamTests : IDisposable
{
    private static readonly string[] Lines = [.. Enumerable.Range(0, 300).Select(i => $"Zeile {i * i}")];
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Join('\n', Lines));
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void WholeFilesAreUnpacked(CompressionLevel level)
    {
        Assert.Equal(Text, Unpack(Pack(Text, level)));
        Assert.Equal(Lines, TextLines.Read(_folder.Write("text.gz", Pack(Text, level))));
        Assert.Equal(Lines, TextLines.Read(_folder.Write("text.GZ", Pack(Text, level))));
    }

    [Fact]
    public void SeveralMembersAreOneText()
    {
        Assert.Equal(Text, Unpack([.. Pack(Text[..100]), .. Pack([]), .. Pack(Text[100..])]));
        Assert.Empty(Unpack([]));
        Assert.Empty(Unpack(Pack([])));
    }

    [Fact]
    public void WhatStandsBehindAndIsNoMemberIsPassedOver() => Assert.Equal(Text, Unpack([.. Pack(Text), .. new byte[512]]));

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void AFileCutShortAnywhereIsRefused(CompressionLevel level)
    {
        var packed = Pack(Text, level);
        byte[] two = [.. packed, .. packed];
        for (var length = 1; length < two.Length; length++)
        {
            if (length == packed.Length) continue; // a whole file
            Assert.Throws<InvalidDataException>(() => Unpack(two[..length]));
        }
    }

    [Fact]
    public void DamageIsToldByFileAndLine()
    {
        var packed = Pack(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 60_000).Select(i => $"Zeile {i * 7919L}"))));
        var cut = _folder.Write("cut.gz", packed[..^100]);
        var lines = 0;
        var fault = Assert.Throws<MultiheadException>(() => { foreach (var _ in TextLines.Read(cut)) lines++; });
        Assert.Contains($"'{cut}' cannot be unpacked after line {lines}:", fault.Message, StringComparison.Ordinal);
        Assert.InRange(lines, 10_000, 60_000);

        var changed = packed.ToArray();
        changed[^6] ^= 1; // in the checksum
        foreach (var bytes in new[] { changed, "no gzip\n"u8.ToArray() })
        {
            var path = _folder.Write("bad.gz", bytes);
            Assert.Contains($"'{path}' cannot be unpacked",
                Assert.Throws<MultiheadException>(() => TextLines.Read(path).Count()).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Pack(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using var gzip = new WholeGzipStream(new MemoryStream(packed));
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
