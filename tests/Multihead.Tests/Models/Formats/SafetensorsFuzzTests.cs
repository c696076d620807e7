using System.Buffers.Binary;
using System.Globalization;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Formats;

public sealed class SafetensorsFuzzTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DamagedFilesAreReadOrRefusedAndNothingElse()
    {
        using var sample = new SampleTensors(1, ("encoder.weight", [3, 4]), ("bias", [4]), ("empty", [0, 7]), ("scalar", []));
        SafetensorsWriter.Write(_folder["whole"], sample.Sources, new Dictionary<string, string> { ["step"] = "12" });
        var whole = File.ReadAllBytes(_folder["whole"]);
        var random = new Random(1);
        var scale = double.Parse(Environment.GetEnvironmentVariable("MULTIHEAD_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);
        var (good, refused) = (0, 0);
        for (var round = 0; round < 2000 * scale; round++)
        {
            var bytes = Damaged(whole, random);
            File.WriteAllBytes(_folder["x"], bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = SafetensorsFile.Open(_folder["x"]);
                foreach (var entry in file.Entries)
                    if (entry.Type is "F32" or "F16" or "BF16") file.ReadFloat32(entry.Name, new float[entry.ElementCount]);
                good++;
            }
            catch (MultiheadException)
            {
                refused++;
            }
            // The header as objects takes some times its bytes, messages and the handle some kilobytes.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 + 20 * bytes.Length);
        }
        Assert.True(good > 0 && refused > good, $"{good} good, {refused} refused");
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        switch (random.Next(5))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1:
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)random.NextInt64() >> random.Next(64));
                return bytes;
            case 3:
                // Another digit somewhere in the header: sizes and offsets that lie.
                var digits = Enumerable.Range(8, headerLength).Where(i => char.IsAsciiDigit((char)bytes[i])).ToArray();
                bytes[digits[random.Next(digits.Length)]] = (byte)('0' + random.Next(10));
                return bytes;
            default:
                // More digits: enormous numbers.
                var at = 8 + random.Next(headerLength);
                var nines = Enumerable.Repeat((byte)'9', random.Next(1, 22));
                byte[] header = [.. bytes[8..at], .. nines, .. bytes[at..(8 + headerLength)]];
                return RawSafetensors.Bytes(header, bytes[(8 + headerLength)..]);
        }
    }
}
