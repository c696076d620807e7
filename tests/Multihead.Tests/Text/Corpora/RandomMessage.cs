namespace Multihead.Tests.Text.Corpora;

/// <summary>Messages made of known words, with all that keys fold away between and around them.</summary>
internal static class RandomMessage
{
    /// <summary>Lower-case words of several scripts.</summary>
    public static readonly string[] Words =
        ["the", "file", "größe", "naïve", "e\u0301te", "не", "ключ", "日本語", "한국어", "ไทย", "עברית", "αβγ", "i", "𐐨𐐩"];

    private static readonly string[] Folded =
    [
        " ", "  ", "\t", "\n", ", ", ". ", ": ", "; ", " - ", " – ", "... ", "! ", "? ", " (", ") ", " / ",
        "。", "、", " № ", " © ", " 😀 ",
        " 0 ", " 42 ", " 3.14 ", " 1,000 ", " -7 ", " ٣ ", " Ⅷ ", " ½ ",
        " {0} ", " {1} ", " {12} ", " {name} ", " {0:N2} ", " {0,8} ", " $(Property) ",
        " %s ", " %d ", " %1$s ", " %5.2f ", " %@ ", " %TEMP% ",
        " \"x\" ", " 'a name' ", " `code` ", " `code' ", " “x y” ", " „x“ ", " „x” ", " ‘x’ ", " ‚x‘ ",
        " «x» ", " »x« ", " ‹x› ", " 「x」 ", " 『x』 ", " 《x》 ", " ＂x＂ ", " \"42\" ", " '{0}' ",
    ];

    /// <summary>Some of the words, each as it is.</summary>
    public static string[] Some(Random random, int most) => random.GetItems(Words, random.Next(1, most + 1));

    /// <summary>The words in random case with random other things around; its key is the words with single spaces.</summary>
    public static string Dressed(Random random, IEnumerable<string> words)
    {
        var text = Between(random);
        foreach (var word in words) text += string.Concat(word.Select(letter => InSomeCase(random, letter))) + Between(random);
        return text;
    }

    private static string Between(Random random) => string.Concat(random.GetItems(Folded, random.Next(1, 4)));

    private static char InSomeCase(Random random, char letter) => random.Next(2) == 0 ? letter : char.ToUpperInvariant(letter);
}
