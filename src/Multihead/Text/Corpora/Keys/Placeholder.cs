namespace Multihead.Text.Corpora.Keys;

/// <summary>What programs replace in a message before they show it.</summary>
internal static class Placeholder
{
    private const int LongestName = 64;

    /// <summary>The UTF-16 length of the placeholder that begins at <paramref name="at"/>: {0}, {name:format}, $(Property), %s,
    /// %1$d, %NAME%; 0 where none does.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        return rest[0] switch
        {
            '{' => Enclosed(rest, 1, '}'),
            '$' when rest.Length > 1 && rest[1] == '(' => Enclosed(rest, 2, ')'),
            '%' => Math.Max(Printf(rest), Variable(rest)),
            _ => 0,
        };
    }

    /// <summary>A name between an opening of some length and a closing character, with no second opening between.</summary>
    private static int Enclosed(ReadOnlySpan<char> text, int opening, char close)
    {
        var name = text[opening..Math.Min(text.Length, opening + LongestName)];
        var end = name.IndexOfAny(close, text[opening - 1]);
        return end > 0 && name[end] == close ? opening + end + 1 : 0;
    }

    /// <summary>A conversion of C's printf; a letter after it makes it a percentage with an ending, as in "100%ig".</summary>
    private static int Printf(ReadOnlySpan<char> text)
    {
        var end = 1;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || "$.*+-#lhz".Contains(text[end], StringComparison.Ordinal))) end++;
        if (end == text.Length || !"sdiufgeExXcp@".Contains(text[end], StringComparison.Ordinal)) return 0;
        return end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]) ? 0 : end + 1;
    }

    private static int Variable(ReadOnlySpan<char> text)
    {
        var end = 1;
        while (end < text.Length && end <= LongestName && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        return end > 1 && end < text.Length && text[end] == '%' ? end + 1 : 0;
    }
}
