using System.Globalization;

namespace Multihead.Text.Metrics;

/// <summary>Unicode's full lower-casing without a language (Unicode 3.13, SpecialCasing.txt), as Python's <c>str.lower</c>:
/// beside the one-to-one pairs, I with a dot becomes two characters, and a sigma that ends a word takes its final form.</summary>
internal static class LowerCase
{
    private const char CapitalSigma = '\u03a3', Sigma = '\u03c3', FinalSigma = '\u03c2';

    public static string Of(string line)
    {
        var lower = line.Replace("\u0130", "i\u0307", StringComparison.Ordinal);
        if (!lower.Contains(CapitalSigma, StringComparison.Ordinal)) return lower.ToLowerInvariant();
        var units = lower.ToLowerInvariant().ToCharArray();
        for (var i = 0; i < units.Length; i++)
            if (lower[i] == CapitalSigma) units[i] = IsFinal(lower, i) ? FinalSigma : Sigma;
        return new string(units);
    }

    /// <summary>Whether a cased letter stands before and none behind, marks and apostrophes between them not counted.</summary>
    private static bool IsFinal(string line, int sigma)
    {
        var before = sigma - 1;
        while (before >= 0 && IsIgnorable(line, before)) before--;
        if (before < 0 || !IsCased(line, before)) return false;
        var behind = sigma + 1;
        while (behind < line.Length && IsIgnorable(line, behind)) behind++;
        return behind == line.Length || !IsCased(line, behind);
    }

    private static bool IsCased(string line, int index) => Category(line, index)
        is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnorable(string line, int index) => Category(line, index)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || line[index] is '\'' or '.' or ':' or '\u00b7' or '\u2018' or '\u2019' or '\u2024' or '\u2027';

    /// <summary>The category of the character that the UTF-16 unit belongs to.</summary>
    private static UnicodeCategory Category(string line, int index)
    {
        if (char.IsLowSurrogate(line[index]) && index > 0 && char.IsHighSurrogate(line[index - 1])) index--;
        return CharUnicodeInfo.GetUnicodeCategory(line, index);
    }
}
