using System.Globalization;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>What GPT-2's pattern tells apart: <c>\s</c>, <c>\p{L}</c>, <c>\p{N}</c>, and all the rest.</summary>
internal enum CharacterClass : byte
{
    Other,
    Letter,
    Number,
    WhiteSpace,
    Surrogate,
}

/// <summary>The class of every UTF-16 code unit in one table of 64 KiB, and of the pairs beyond it.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Table = MakeTable();

    /// <summary>The class of the code point at <paramref name="at"/>; <paramref name="length"/> is 2 for a surrogate pair,
    /// else 1. A lone surrogate is <see cref="CharacterClass.Other"/>, as is the U+FFFD that it is encoded as.</summary>
    public static CharacterClass At(ReadOnlySpan<char> text, int at, out int length)
    {
        var kind = Table[text[at]];
        length = 1;
        return kind == CharacterClass.Surrogate ? OfSurrogate(text[at..], out length) : kind;
    }

    private static CharacterClass OfSurrogate(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Of(Rune.GetUnicodeCategory(rune));
    }

    private static CharacterClass Of(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ => CharacterClass.Other,
    };

    private static CharacterClass[] MakeTable()
    {
        var table = new CharacterClass[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++)
            table[c] = char.IsSurrogate((char)c) ? CharacterClass.Surrogate
                : char.IsWhiteSpace((char)c) ? CharacterClass.WhiteSpace
                : Of(CharUnicodeInfo.GetUnicodeCategory((char)c));
        return table;
    }
}
