namespace Multihead.Text.Corpora.Keys;

/// <summary>A few words between quotation marks: in messages, a name that is quoted.</summary>
internal static class Quotation
{
    private const int LongestContent = 64;

    /// <summary>The UTF-16 length of the quotation that begins at <paramref name="at"/>, its marks counted; 0 where none
    /// does.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var closings = ClosingsOf(text[at]);
        if (closings.Length == 0 || (IsApostrophe(text[at]) && at > 0 && IsOfWord(text[at - 1]))) return 0;
        var last = Math.Min(text.Length - 1, at + 1 + LongestContent);
        for (var end = at + 2; end <= last; end++)
        {
            if (!closings.Contains(text[end])) continue;
            var insideWord = IsApostrophe(text[end]) && end + 1 < text.Length && IsOfWord(text[end + 1]);
            if (!insideWord) return end + 1 - at;
        }
        return 0;
    }

    /// <summary>The marks that may close what this one opens; languages pair the same marks differently.</summary>
    private static ReadOnlySpan<char> ClosingsOf(char opening) => opening switch
    {
        '"' or '＂' => "\"＂",
        '\'' => "'",
        '`' => "`'",
        '“' => "”",
        '”' => "”",
        '„' => "“”\"",
        '‘' or '’' => "’",
        '‚' => "‘’",
        '«' => "»",
        '»' => "«",
        '‹' => "›",
        '「' => "」",
        '『' => "』",
        '《' => "》",
        _ => [],
    };

    private static bool IsApostrophe(char mark) => mark is '\'' or '’';

    /// <summary>Whether a mark beside this character is an apostrophe; East Asian text puts quotation marks there too.</summary>
    private static bool IsOfWord(char character) => character < '\u2E80' && char.IsLetterOrDigit(character);
}
