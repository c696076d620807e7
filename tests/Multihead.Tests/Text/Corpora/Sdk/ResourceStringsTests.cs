using System.Collections;
using System.Resources;
using Multihead.Tests.Text.Tokenizers;
using Multihead.Text.Corpora.Sdk;

namespace Multihead.Tests.Text.Corpora.Sdk;

public class ResourceStringsTests
{
    [Fact]
    public void ReadsTheTextsThatTheRuntimeReads()
    {
        var random = new Random(1);
        for (var round = 0; round < TestScale.Rounds(300); round++)
        {
            var stream = RandomResources(random);
            var read = ResourceStrings.Read(stream, "it");
            Assert.Equal(ByRuntime(stream), read.ToDictionary());
        }
    }

    /// <summary>The last value's type code is larger than what is left of the stream.</summary>
    [Fact]
    public void AStreamMayEndWithASmallValueOfAnotherType()
    {
        foreach (var value in new object[] { 1, true, (byte)2, 'c', new byte[] { 3 } })
        {
            var stream = AssemblyImage.Resources(("a", "text"), ("b", value));
            Assert.Equal([new("a", "text")], ResourceStrings.Read(stream, "it"));
            stream = AssemblyImage.Resources(("b", value));
            Assert.Empty(ResourceStrings.Read(stream, "it"));
        }
    }

    [Fact]
    public void OtherStreamsHaveNoTexts()
    {
        Assert.Empty(ResourceStrings.Read([], "it"));
        Assert.Empty(ResourceStrings.Read("some text"u8, "it"));
        var versionOne = AssemblyImage.Resources(("a", "b"));
        var header = 12 + BitConverter.ToInt32(versionOne, 8);
        versionOne[header] = 1;
        Assert.Empty(ResourceStrings.Read(versionOne, "it"));
        Assert.Empty(ResourceStrings.Read(AssemblyImage.Resources(), "it"));
    }

    [Fact]
    public void AStreamCutShortIsRefusedByNameAndByte()
    {
        var whole = AssemblyImage.Resources(("first", "eins"), ("second", "zwei"), ("third", "drei"));
        for (var length = 4; length < whole.Length; length++)
        {
            var cut = whole[..length];
            var fault = Assert.Throws<MultiheadException>(() => ResourceStrings.Read(cut, "'x' of 'y'")).Message;
            Assert.StartsWith("The resources in 'x' of 'y' are damaged at byte ", fault, StringComparison.Ordinal);
            Assert.Contains($" of {length}: ", fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EntriesThatShareTheirBytesCannotUnpackToAnySize()
    {
        // A thousand entries, one of them large; all are made to stand where that one stands.
        (string, object?) Entry(int i) => ($"{i}", new string('x', i == 0 ? 10_000 : 1));
        var stream = AssemblyImage.Resources([.. Enumerable.Range(0, 1_000).Select(Entry)]);
        var large = ResourceStrings.Read(stream, "it").FindIndex(entry => entry.Value.Length > 1);
        var positions = Positions(stream, 1_000);
        for (var i = 0; i < 1_000; i++) stream.AsSpan(positions + 4 * large, 4).CopyTo(stream.AsSpan(positions + 4 * i));
        Assert.Contains("its texts overlap", Assert.Throws<MultiheadException>(() => ResourceStrings.Read(stream, "it")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EveryDamagedStreamIsReadOrRefusedInLittleMemory()
    {
        var random = new Random(2);
        var (read, refused) = (0, 0);
        for (var round = 0; round < TestScale.Rounds(20_000); round++)
        {
            var stream = Damaged(RandomResources(random), random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ResourceStrings.Read(stream, "it");
                read++;
            }
            catch (MultiheadException)
            {
                refused++;
            }
            // Texts take twice their bytes, each entry some tens of bytes, a message and its stack some kilobytes.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 + 10 * stream.Length);
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    private static byte[] RandomResources(Random random)
    {
        var entries = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (var left = random.Next(12); left > 0; left--)
            entries[RandomText.Next(random, 4)] = random.Next(8) switch
            {
                0 => random.Next(),
                1 => random.Next(2) == 0,
                2 => new byte[random.Next(9)],
                3 => null,
                4 => TimeSpan.FromSeconds(random.Next()),
                _ => RandomText.Next(random, 30),
            };
        return AssemblyImage.Resources([.. entries.Select(entry => (entry.Key, entry.Value))]);
    }

    private static Dictionary<string, string> ByRuntime(byte[] stream)
    {
        using var reader = new ResourceReader(new MemoryStream(stream));
        return reader.Cast<DictionaryEntry>().Where(entry => entry.Value is string)
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
    }

    private static int Positions(byte[] stream, int count)
    {
        // magic, header version, header length, header; then version, count of entries, count of types, padding, the hashes.
        var at = 12 + BitConverter.ToInt32(stream, 8) + 12;
        Assert.Equal((count, 0), (BitConverter.ToInt32(stream, at - 8), BitConverter.ToInt32(stream, at - 4)));
        return at + (-at & 7) + 4 * count;
    }

    private static byte[] Damaged(byte[] stream, Random random)
    {
        stream = random.Next(4) == 0 ? stream[..random.Next(stream.Length)] : stream;
        for (var changes = random.Next(1, 4); changes > 0 && stream.Length > 8; changes--)
        {
            var at = random.Next(4, stream.Length - 3);
            if (random.Next(2) == 0) stream[at] = (byte)random.Next(256);
            else BitConverter.TryWriteBytes(stream.AsSpan(at & ~3), random.Next(4) switch
            {
                0 => -1,
                1 => int.MaxValue,
                2 => stream.Length,
                _ => random.Next(stream.Length),
            });
        }
        return stream;
    }
}
