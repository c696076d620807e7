namespace Multihead.Text.Metrics;

/// <summary>The tokenisation of NIST's mteval-v13a, with which WMT scores BLEU: ASCII punctuation stands apart, full stops and
/// commas only where no digit is beside them, a hyphen only behind a digit. Each pass takes matches from left to right, none
/// overlapping, so that runs such as <c>...</c> come out as they do there.</summary>
internal sealed class Tokenizer13a : IBleuTokenizer
{
    private readonly CharBuffer first = new(), second = new();

    public ReadOnlySpan<char> Spread(ReadOnlySpan<char> line)
    {
        first.Clear();
        first.Append(' ');
        if (line.IndexOfAny("&<\n") >= 0) first.Append(WithoutMarkup(line.ToString()));
        else first.Append(line);
        first.Append(' ');

        SpreadSymbols(first.Span, second);
        SpreadStopsBehindOthers(second.Span, first);
        SpreadStopsBeforeOthers(first.Span, second);
        SpreadHyphensBehindDigits(second.Span, first);
        return first.Span;
    }

    /// <summary>In this order, for what one replacement makes the next may take: an escaped &amp;lt; ends as &lt;.</summary>
    private static string WithoutMarkup(string line) => line
        .Replace("<skipped>", "", StringComparison.Ordinal)
        .Replace("-\n", "", StringComparison.Ordinal)
        .Replace('\n', ' ')
        .Replace("&quot;", "\"", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal)
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal);

    private static void SpreadSymbols(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        foreach (var unit in from)
        {
            if (IsSymbol(unit)) to.AppendApart([unit]);
            else to.Append(unit);
        }
    }

    /// <summary>ASCII punctuation but for the apostrophe, the comma, the hyphen and the full stop.</summary>
    private static bool IsSymbol(char unit) =>
        unit is >= '{' and <= '~' or >= '[' and <= '`' or >= '!' and <= '&' or >= '(' and <= '+' or >= ':' and <= '@' or '/';

    private static void SpreadStopsBehindOthers(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        for (var i = 0; i < from.Length; i++)
        {
            to.Append(from[i]);
            if (i + 1 < from.Length && !char.IsAsciiDigit(from[i]) && from[i + 1] is ('.' or ',')) to.AppendApart([from[++i]]);
        }
    }

    private static void SpreadStopsBeforeOthers(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        for (var i = 0; i < from.Length; i++)
        {
            if (i + 1 < from.Length && from[i] is ('.' or ',') && !char.IsAsciiDigit(from[i + 1])) to.AppendApart([from[i++]]);
            to.Append(from[i]);
        }
    }

    private static void SpreadHyphensBehindDigits(ReadOnlySpan<char> from, CharBuffer to)
    {
        to.Clear();
        for (var i = 0; i < from.Length; i++)
        {
            to.Append(from[i]);
            if (i + 1 < from.Length && char.IsAsciiDigit(from[i]) && from[i + 1] == '-') to.AppendApart([from[++i]]);
        }
    }
}
