using System.Globalization;
using System.Text;

namespace Multihead.Text.Corpora.Keys;

/// <summary>Folds a text to the words that make its message, so that texts that say the same thing about other numbers or
/// names have one key.</summary>
internal static class SplitKey
{
    /// <summary>The letters of the text in lower case, one space where anything else stood between them. Placeholders, numbers,
    /// punctuation and what stands in quotation marks are gone; a text with nothing outside quotation marks keeps what is
    /// inside. Empty where there is no letter.</summary>
    public static string Of(string text)
    {
        var key = Fold(text, foldQuoted: true);
        return key.Length > 0 ? key : Fold(text, foldQuoted: false);
    }

    private static string Fold(string text, bool foldQuoted)
    {
        var key = new StringBuilder(text.Length);
        var gap = false;
        for (var at = 0; at < text.Length;)
        {
            var folded = Placeholder.LengthAt(text, at);
            if (folded == 0 && foldQuoted) folded = Quotation.LengthAt(text, at);
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var runeLength);
            at += Math.Max(folded, runeLength);
            if (folded > 0 || !IsOfWord(rune))
            {
                gap = true;
                continue;
            }
            if (gap && key.Length > 0) key.Append(' ');
            gap = false;
            key.Append(Lower(rune));
        }
        return key.ToString();
    }

    private static bool IsOfWord(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Turkish has two letters i, and libraries disagree about the lower case of the dotted capital: all four are one
    /// here, so that a key is the same on every system.</summary>
    private static Rune Lower(Rune rune) => rune.Value is 0x130 or 0x131 ? new Rune('i') : Rune.ToLowerInvariant(rune);
}
