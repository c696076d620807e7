namespace Multihead.Text.Tokenizers;

/// <summary>Cuts a text into words as the pattern of tiktoken's cl100k_base does over code points (Llama 3 and, with single
/// digits, Qwen 2 have it, too): <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>. The words joined are the text.</summary>
internal static class Cl100kScanner
{
    /// <summary>The end of the word that starts at <paramref name="start"/>, with up to three digits a word.</summary>
    public static int End(ReadOnlySpan<char> text, int start) => End(text, start, digits: 3);

    /// <summary>The same with every digit a word.</summary>
    public static int EndSingleDigits(ReadOnlySpan<char> text, int start) => End(text, start, digits: 1);

    private static int End(ReadOnlySpan<char> text, int start, int digits)
    {
        var contraction = Contraction(text[start..]);
        if (contraction > 0) return start + contraction;
        var kind = CharacterClasses.At(text, start, out var length);
        var next = start + length;
        if (kind == CharacterClass.Letter) return EndOfRun(text, next, CharacterClass.Letter);
        if (kind == CharacterClass.Number) return EndOfNumber(text, next, digits - 1);
        var following = next < text.Length ? CharacterClasses.At(text, next, out length) : CharacterClass.WhiteSpace;
        if (following == CharacterClass.Letter && text[start] is not ('\r' or '\n'))
            return EndOfRun(text, next, CharacterClass.Letter);
        if (kind == CharacterClass.Other) return EndOfSymbols(text, next);
        if (text[start] == ' ' && following == CharacterClass.Other) return EndOfSymbols(text, next);
        return EndOfWhiteSpace(text, start);
    }

    private static int EndOfRun(ReadOnlySpan<char> text, int at, CharacterClass kind)
    {
        while (at < text.Length && CharacterClasses.At(text, at, out var length) == kind) at += length;
        return at;
    }

    private static int EndOfNumber(ReadOnlySpan<char> text, int at, int more)
    {
        while (more-- > 0 && at < text.Length && CharacterClasses.At(text, at, out var length) == CharacterClass.Number)
            at += length;
        return at;
    }

    private static int EndOfSymbols(ReadOnlySpan<char> text, int at)
    {
        at = EndOfRun(text, at, CharacterClass.Other);
        while (at < text.Length && (text[at] is '\r' or '\n')) at++;
        return at;
    }

    /// <summary>Up to the last line break of a run; without one, the last white character is left to the word that
    /// follows.</summary>
    private static int EndOfWhiteSpace(ReadOnlySpan<char> text, int start)
    {
        var end = EndOfRun(text, start, CharacterClass.WhiteSpace);
        var lineBreak = text[start..end].LastIndexOfAny('\r', '\n');
        if (lineBreak >= 0) return start + lineBreak + 1;
        return end == text.Length || end - start == 1 ? end : end - 1;
    }

    /// <summary>Case-insensitive as .NET and Rust have it: U+017F, the long s, is an s.</summary>
    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        if (text[1] is 's' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D') return 2;
        if (text.Length < 3) return 0;
        return (char.ToLowerInvariant(text[1]), char.ToLowerInvariant(text[2])) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }
}
