using System.Buffers.Binary;
using System.Text;

namespace Multihead.Tests.Models.Formats;

/// <summary>Puts safetensors bytes together by hand, lies included.</summary>
internal static class RawSafetensors
{
    /// <summary>Prefix, header and data; the prefix says <paramref name="headerLength"/> where it is given.</summary>
    public static byte[] Bytes(string header, int dataBytes, ulong? headerLength = null) =>
        Bytes(Encoding.UTF8.GetBytes(header), new byte[dataBytes], headerLength);

    /// <summary>As the other, with data.</summary>
    public static byte[] Bytes(byte[] header, byte[] data, ulong? headerLength = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }
}
