namespace Multihead.Text.Corpora;

/// <summary>The words of a text: the runs between white space; a character of Chinese or Japanese, which put no spaces, is a
/// word of its own. So limits and comparisons hold for every language alike.</summary>
internal static class Words
{
    /// <summary>The number of words.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (TryTake(ref text, out _)) count++;
        return count;
    }

    /// <summary>Takes the first word off the text; false where there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> word)
    {
        var start = 0;
        while (start < text.Length && char.IsWhiteSpace(text[start])) start++;
        if (start == text.Length)
        {
            word = default;
            return false;
        }
        var end = start + 1;
        if (!IsWordAlone(text[start]))
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && !IsWordAlone(text[end])) end++;
        else if (end < text.Length && char.IsSurrogatePair(text[start], text[end])) end++;
        word = text[start..end];
        text = text[end..];
        return true;
    }

    /// <summary>Whether the character is a Han ideograph or a Japanese kana; of a pair of surrogates, the first one is.</summary>
    private static bool IsWordAlone(char character) => character switch
    {
        '\u3005' or '\u3006' or '\u3007' => true,  // iteration mark, closing mark, zero
        >= '\u3041' and <= '\u30FF' => true,       // hiragana, katakana
        >= '\u3400' and <= '\u9FFF' => true,       // ideographs and their first extension
        >= '\uF900' and <= '\uFAFF' => true,       // compatibility ideographs
        >= '\uFF66' and <= '\uFF9D' => true,       // katakana of half width
        >= '\uD840' and <= '\uD88F' => true,       // planes 2 and 3
        _ => false,
    };
}
