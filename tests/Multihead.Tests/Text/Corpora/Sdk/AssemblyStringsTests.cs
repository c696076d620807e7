using Multihead.Text.Corpora.Sdk;

namespace Multihead.Tests.Text.Corpora.Sdk;

public sealed class AssemblyStringsTests : IDisposable
{
    private static readonly byte[] First = AssemblyImage.Resources(("a", "eins"), ("n", 7), ("b", "zwei"));
    private static readonly byte[] Second = AssemblyImage.Resources(("c", new string('ü', 300)));
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadsEveryStreamOfTexts()
    {
        var path = _folder.Write("x.dll",
            AssemblyImage.Of(("One.resources", First), ("Picture.png", [1, 2, 3]), ("Two.de.resources", Second)));
        var streams = AssemblyStrings.Read(path);
        Assert.Equal(["One.resources", "Two.de.resources"], streams.Select(stream => stream.Stream));
        Assert.Equal([new("a", "eins"), new("b", "zwei")], streams[0].Strings.OrderBy(entry => entry.Key));
        Assert.Equal([new("c", new string('ü', 300))], streams[1].Strings);
    }

    [Fact]
    public void AnAssemblyWithoutResourcesHasNone() =>
        Assert.Empty(AssemblyStrings.Read(_folder.Write("none.dll", AssemblyImage.Of())));

    [Fact]
    public void WhatIsNoAssemblyIsToldByName()
    {
        foreach (var (name, bytes) in new[] { ("empty.dll", Array.Empty<byte>()), ("text.dll", "just some text"u8.ToArray()) })
        {
            var path = _folder.Write(name, bytes);
            Assert.Contains($"Cannot read the assembly '{path}'", Fault(path), StringComparison.Ordinal);
        }
        Assert.Contains("'nowhere.dll'", Fault("nowhere.dll"), StringComparison.Ordinal);

        static string Fault(string path) => Assert.Throws<MultiheadException>(() => AssemblyStrings.Read(path)).Message;
    }

    [Fact]
    public void EveryDamagedAssemblyIsReadOrRefusedByName()
    {
        var whole = AssemblyImage.Of(("One.resources", First), ("Two.de.resources", Second));
        var random = new Random(1);
        var (read, refused) = (0, 0);
        for (var round = 0; round < TestScale.Rounds(600); round++)
        {
            var path = _folder.Write("x.dll", Damaged(whole, random));
            try
            {
                AssemblyStrings.Read(path);
                read++;
            }
            catch (MultiheadException e)
            {
                Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }
        Assert.True(read > 50 && refused > 50, $"{read} read, {refused} refused");
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        if (random.Next(8) == 0) return whole[..random.Next(whole.Length)];
        var bytes = whole.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Length - 4);
            if (bytes[at] == 0 && random.Next(4) > 0) continue; // padding, most of it
            if (random.Next(2) == 0) bytes[at] = (byte)random.Next(256);
            else BitConverter.TryWriteBytes(bytes.AsSpan(at & ~3), random.Next(2) == 0 ? random.Next() : -random.Next(1, 100));
        }
        return bytes;
    }
}
