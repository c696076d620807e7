namespace Multihead.Text.Tokenizers;

/// <summary>The printable stand-ins for the 256 bytes with which byte-level BPE spells its tokens (GPT-2, Radford et al. 2019):
/// a byte that prints in Latin-1 stands for itself, the 68 others are numbered from U+0100 on, so that a space is 'Ġ'.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Symbols = MakeSymbols();
    private static readonly short[] Bytes = MakeBytes();

    /// <summary>The character that stands for <paramref name="value"/>.</summary>
    public static char Symbol(byte value) => Symbols[value];

    /// <summary>The byte that <paramref name="symbol"/> stands for, or -1.</summary>
    public static int Byte(char symbol) => symbol < Bytes.Length ? Bytes[symbol] : -1;

    /// <summary>The 256 bytes in the order of their stand-ins, which is the order of GPT-2's first 256 ids.</summary>
    public static IEnumerable<byte> InSymbolOrder()
    {
        foreach (var value in Bytes)
            if (value >= 0) yield return (byte)value;
    }

    private static char[] MakeSymbols()
    {
        var symbols = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
            symbols[value] = value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        return symbols;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[Symbols.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++) bytes[Symbols[value]] = (short)value;
        return bytes;
    }
}
