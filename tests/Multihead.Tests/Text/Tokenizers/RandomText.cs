using System.Text;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>Texts that try what tokenizers stumble over: contractions, runs of odd spaces, controls, combining marks, astral
/// letters and digits, emoji, any scalar value at all.</summary>
internal static class RandomText
{
    private static readonly string[] Pieces =
    [
        "'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'", "''", " '", "'l", "'r", "</s>", "<unk>", "<|endoftext|>",
        " ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u2028", "\u0085", "\u200B", "\u001C", "\u180E",
        "the", "Hello", "Grüße", "naïve", "e\u0301", "\u0301", "日本語", "한국어", "ไทย", "עברית", "a", "Z", "0", "42", "٣", "½", "Ⅷ",
        "!", "?!", "...", "_", "{0}", "§", "€", "👩‍👩‍👧", "🏳️‍🌈", "𝒜𝓑", "𠀀", "𝟘", "𐄇", "\0",
        "\u0007", "\uFEFF", "\uFFFD", "\uFFFF",
    ];

    /// <summary>A well-formed text of up to <paramref name="pieces"/> pieces.</summary>
    public static string Next(Random random, int pieces)
    {
        var text = new StringBuilder();
        for (var left = random.Next(pieces + 1); left > 0; left--)
            if (random.Next(4) > 0) text.Append(Pieces[random.Next(Pieces.Length)]);
            else text.Append(Scalar(random));
        return text.ToString();
    }

    /// <summary>Some lines of what looks like language: few words, used often.</summary>
    public static string[] Lines(Random random, int words, int lines)
    {
        var known = Enumerable.Range(0, words).Select(_ =>
            string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => "etaoinshrdluüß"[random.Next(14)]))).ToArray();
        return [.. Enumerable.Range(0, lines).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(1, 12)).Select(_ =>
            known[(int)(words * Math.Pow(random.NextDouble(), 3))] + (random.Next(9) == 0 ? "." : ""))))];
    }

    private static string Scalar(Random random)
    {
        int value;
        do value = random.Next(random.Next(2) == 0 ? 0x3000 : 0x110000);
        while (!Rune.IsValid(value));
        return new Rune(value).ToString();
    }
}
