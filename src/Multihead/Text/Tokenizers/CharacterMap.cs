using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>SentencePiece's precompiled character map (nmt_nfkc and others): a double-array trie (Darts-clone,
/// https://github.com/s-yata/darts-clone) from UTF-8 sequences to places in a block of zero-ended UTF-8 strings.</summary>
internal sealed class CharacterMap
{
    private static readonly byte[] Replacement = [0xEF, 0xBF, 0xBD];
    private readonly uint[] _units;
    private readonly byte[] _strings;

    private CharacterMap(uint[] units, byte[] strings) => (_units, _strings) = (units, strings);

    /// <summary>The map as <see cref="Read"/> takes it.</summary>
    public byte[] ToBlob()
    {
        var trie = MemoryMarshal.AsBytes(_units.AsSpan());
        var blob = new byte[4 + trie.Length + _strings.Length];
        BinaryPrimitives.WriteInt32LittleEndian(blob, trie.Length);
        trie.CopyTo(blob.AsSpan(4));
        _strings.CopyTo(blob, 4 + trie.Length);
        return blob;
    }

    /// <summary>Reads the map: the trie's length in bytes (u32), the trie, the strings. Null where its parts don't fit.</summary>
    public static CharacterMap? Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < 4) return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(blob);
        if (length > blob.Length - 4 || length % 4 != 0 || length == 0) return null;
        var units = new uint[length / 4];
        blob.Slice(4, (int)length).CopyTo(MemoryMarshal.AsBytes(units.AsSpan()));
        return new CharacterMap(units, blob[(4 + (int)length)..].ToArray());
    }

    /// <summary>What the longest known start of <paramref name="text"/> becomes, else its first character as it is.</summary>
    /// <param name="map">Null for none.</param>
    /// <param name="text">UTF-8, not empty.</param>
    /// <param name="consumed">How many bytes of the text it stands for.</param>
    public static ReadOnlySpan<byte> Next(CharacterMap? map, ReadOnlySpan<byte> text, out int consumed)
    {
        if (map is not null && map.Find(text, out consumed) is >= 0 and var at && at < map._strings.Length)
        {
            var rest = map._strings.AsSpan(at);
            var end = rest.IndexOf((byte)0);
            return end < 0 ? rest : rest[..end];
        }
        return Rune.DecodeFromUtf8(text, out _, out consumed) == OperationStatus.Done ? text[..consumed] : Replacement;
    }

    private int Find(ReadOnlySpan<byte> text, out int length)
    {
        var found = -1;
        length = 0;
        var at = Offset(_units[0]);
        for (var i = 0; i < text.Length; i++)
        {
            at ^= text[i];
            if (at >= _units.Length || (_units[at] & 0x800000FF) != text[i]) break;
            var unit = _units[at];
            at ^= Offset(unit);
            if (at >= _units.Length) break;
            if ((unit >> 8 & 1) == 0) continue;
            found = (int)(_units[at] & 0x7FFFFFFF);
            length = i + 1;
        }
        return found;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
