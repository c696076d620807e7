using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace Multihead.Tests.Models.Formats;

/// <summary>Damages a file in seeded ways and opens it: it is read or refused in a sentence, and memory stays within a few times
/// the file's size.</summary>
internal static partial class FormatFuzz
{
    /// <summary>The distinct faults reached, numbers and names aside, with how often; "" is a file that was read.</summary>
    /// <param name="whole">A good file.</param>
    /// <param name="headBytes">Where what describes the tensors ends: most of the damage is done before it.</param>
    /// <param name="rounds">How many damaged files.</param>
    /// <param name="read">Opens and reads the file of that path.</param>
    public static SortedDictionary<string, int> Run(byte[] whole, int headBytes, int rounds, Action<string> read)
    {
        using var folder = new ScratchFolder();
        var random = new Random(1);
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < rounds; round++)
        {
            var bytes = Damaged(whole, headBytes, random);
            File.WriteAllBytes(folder["x"], bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var fault = "";
            try
            {
                read(folder["x"]);
            }
            catch (MultiheadException e)
            {
                fault = Varying().Replace(e.Message.Replace(folder["x"], "x", StringComparison.Ordinal), "#");
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 150_000 + 40L * bytes.Length);
            seen[fault] = seen.GetValueOrDefault(fault) + 1;
        }
        return seen;
    }

    private static byte[] Damaged(byte[] whole, int headBytes, Random random)
    {
        var bytes = (byte[])whole.Clone();
        var at = random.Next(headBytes);
        switch (random.Next(7))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2: // a number that is a little off
                bytes[at] += (byte)random.Next(-2, 3);
                return bytes;
            case 3: // a number that is far off
                at = Math.Min(at, bytes.Length - 4);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)random.NextInt64() >> random.Next(32));
                return bytes;
            case 4:
                at = Math.Min(at, bytes.Length - 8);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), (ulong)random.NextInt64() >> random.Next(8));
                return bytes;
            case 5: // something left out
                var gone = Math.Min(random.Next(1, 20), bytes.Length - at);
                return [.. bytes[..at], .. bytes[(at + gone)..]];
            default: // something twice
                var more = Math.Min(random.Next(1, 60), bytes.Length - at);
                return [.. bytes[..(at + more)], .. bytes[at..]];
        }
    }

    [GeneratedRegex(@"'[^']*'|-?[0-9]+(, -?[0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
