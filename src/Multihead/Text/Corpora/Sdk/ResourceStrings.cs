using System.Text;

namespace Multihead.Text.Corpora.Sdk;

/// <summary>Reads the strings of a compiled <c>.resources</c> stream, version 2 of .NET's default resource format, and
/// nothing else of it: no type is ever loaded. Every length and offset is checked against the bytes that are there.</summary>
/// <remarks>The format: magic number, header version, length of the header and two type names in it; then version, count of
/// entries, count of types and their names, padding to 8 bytes, a hash and a name position for every entry, the place of the
/// data; then the names (UTF-16, each with the place of its value) and the values (a type code and, for text, UTF-8).</remarks>
internal static class ResourceStrings
{
    private const uint Magic = 0xBEEFCACE;
    private const int StringCode = 1;
    private const int BytesPerEntry = 8; // a hash and a position, the least that an entry takes

    /// <summary>The name and text of every entry that is text, in the stream's order; nothing where the stream is not of the
    /// default format's version 2.</summary>
    /// <exception cref="MultiheadException">The stream is cut short or contradicts itself; <paramref name="where"/> names it,
    /// with the byte offset.</exception>
    public static List<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> stream, string where)
    {
        var cursor = new ByteCursor(stream, where);
        var strings = new List<KeyValuePair<string, string>>();
        if (stream.Length < 4 || cursor.UInt32() != Magic) return strings;
        cursor.UInt32(); // header version: what follows says its own length
        cursor.Skip(cursor.Count());
        if (cursor.UInt32() != 2) return strings;

        var entryCount = cursor.Count();
        var typeCount = cursor.Count();
        for (var type = 0; type < typeCount; type++) cursor.Skip(cursor.Length());
        cursor.Skip(-cursor.Position & 7);
        if (entryCount > cursor.Left / BytesPerEntry) throw cursor.Fault($"{entryCount} entries do not fit");
        cursor.Skip(4 * entryCount); // hashes
        var positions = cursor.Position;
        cursor.Skip(4 * entryCount);
        var values = cursor.Count();
        var names = cursor.Position;

        strings.Capacity = entryCount;
        long taken = 0;
        for (var entry = 0; entry < entryCount; entry++)
        {
            cursor.MoveTo(positions + 4 * entry);
            cursor.MoveTo((long)names + cursor.UInt32());
            var name = cursor.Bytes(cursor.Length());
            cursor.MoveTo((long)values + cursor.UInt32());
            if (cursor.Number() != StringCode) continue;
            var text = cursor.Bytes(cursor.Length());
            taken += name.Length + text.Length; // entries that share their bytes could unpack to any size
            if (taken > stream.Length) throw cursor.Fault("its texts overlap");
            strings.Add(new(Encoding.Unicode.GetString(name), Encoding.UTF8.GetString(text)));
        }
        return strings;
    }
}
