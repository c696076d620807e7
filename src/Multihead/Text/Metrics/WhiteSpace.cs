namespace Multihead.Text.Metrics;

/// <summary>White space as Python's <c>str.split</c> and <c>str.rstrip</c> know it, which sacreBLEU's counts rest on.</summary>
internal static class WhiteSpace
{
    /// <summary>.NET's white space and the four information separators U+001C to U+001F.</summary>
    public static bool Is(char unit) => char.IsWhiteSpace(unit) || unit is >= '\u001c' and <= '\u001f';

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> line)
    {
        while (line.Length > 0 && Is(line[^1])) line = line[..^1];
        return line;
    }

    /// <summary>The words of a line: its longest runs without white space.</summary>
    public static WordEnumerator Words(ReadOnlySpan<char> line) => new(line);

    /// <summary>Walks the words of a line without allocating.</summary>
    internal ref struct WordEnumerator(ReadOnlySpan<char> line)
    {
        private ReadOnlySpan<char> rest = line;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly WordEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            var start = 0;
            while (start < rest.Length && Is(rest[start])) start++;
            if (start == rest.Length) return false;
            var end = start + 1;
            while (end < rest.Length && !Is(rest[end])) end++;
            Current = rest[start..end];
            rest = rest[end..];
            return true;
        }
    }
}
