using System.Globalization;
using System.Text;

namespace Multihead.Text.Metrics;

/// <summary>The tokenisation of mteval-v14 with <c>--international-tokenization</c>: Unicode punctuation stands apart unless a
/// number is on the side looked at, symbols always. A stop behind a number at the end of a line stays with it, as there.
/// </summary>
internal sealed class TokenizerInternational : IBleuTokenizer
{
    private readonly CharBuffer first = new(), second = new();

    public ReadOnlySpan<char> Spread(ReadOnlySpan<char> line)
    {
        SpreadPunctuationBehindOthers(line, first);
        SpreadPunctuationBeforeOthers(first.Span, second);
        SpreadSymbols(second.Span, first);
        return first.Span;
    }

    private static void SpreadPunctuationBehindOthers(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        while (Next(from, out var one, out var kind))
        {
            from = from[one.Length..];
            to.Append(one);
            if (kind == Kind.Number || !Next(from, out var two, out kind) || kind != Kind.Punctuation) continue;
            from = from[two.Length..];
            to.AppendApart(two);
        }
    }

    private static void SpreadPunctuationBeforeOthers(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        while (Next(from, out var one, out var kind))
        {
            from = from[one.Length..];
            if (kind == Kind.Punctuation && Next(from, out var two, out kind) && kind != Kind.Number)
            {
                from = from[two.Length..];
                to.AppendApart(one);
                to.Append(two);
            }
            else
            {
                to.Append(one);
            }
        }
    }

    private static void SpreadSymbols(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        while (Next(from, out var one, out var kind))
        {
            from = from[one.Length..];
            if (kind == Kind.Symbol) to.AppendApart(one);
            else to.Append(one);
        }
    }

    private enum Kind { Other, Number, Punctuation, Symbol }

    /// <summary>Reads the first character of a text, one or two units, and its general category in coarse; false at the end.
    /// Half a surrogate pair counts as Other.</summary>
    private static bool Next(ReadOnlySpan<char> text, out ReadOnlySpan<char> character, out Kind kind)
    {
        if (text is [var unit, ..] && !char.IsSurrogate(unit))
        {
            character = text[..1];
            kind = KindOf(char.GetUnicodeCategory(unit));
            return true;
        }
        var status = Rune.DecodeFromUtf16(text, out var rune, out var length);
        character = text[..length];
        kind = status == System.Buffers.OperationStatus.Done ? KindOf(Rune.GetUnicodeCategory(rune)) : Kind.Other;
        return length > 0;
    }

    private static Kind KindOf(UnicodeCategory category) => category switch
    {
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => Kind.Number,
        >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation => Kind.Punctuation,
        >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol => Kind.Symbol,
        _ => Kind.Other,
    };
}
