namespace Multihead.Text.Corpora;

/// <summary>Counts the words of a text, for limits that hold for every language alike.</summary>
internal static class WordCount
{
    /// <summary>The runs between white space; a character of Chinese or Japanese, which put no spaces, is a word of its own.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var count = 0;
        var inWord = false;
        foreach (var character in text)
        {
            var alone = IsWordAlone(character);
            if (alone || (!inWord && !char.IsWhiteSpace(character))) count++;
            inWord = !alone && !char.IsWhiteSpace(character);
        }
        return count;
    }

    /// <summary>Whether the character is a Han ideograph or a Japanese kana; of a pair of surrogates, the first one is.</summary>
    public static bool IsWordAlone(char character) => character switch
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
