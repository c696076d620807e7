namespace Multihead;

/// <summary>Names out of files, made fit to stand in a message of one line.</summary>
internal static class Shown
{
    private const int LongestShown = 100;

    /// <summary>The name in single quotes: at most 100 characters of it, control characters and torn surrogates as '?'.</summary>
    public static string Name(string name)
    {
        var shown = string.Create(Math.Min(name.Length, LongestShown), name, (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) && !IsWholePair(source, i, target.Length)
                    ? '?' : source[i];
        });
        return name.Length > LongestShown ? $"'{shown}...'" : $"'{shown}'";
    }

    /// <summary>The shape as in "[512, 2048]".</summary>
    public static string Shape(ReadOnlySpan<long> shape)
    {
        var text = string.Join(", ", shape[..Math.Min(shape.Length, 16)].ToArray());
        return shape.Length > 16 ? $"[{text}, ...]" : $"[{text}]";
    }

    private static bool IsWholePair(string text, int index, int end) =>
        char.IsHighSurrogate(text[index])
            ? index + 1 < end && char.IsLowSurrogate(text[index + 1])
            : index > 0 && char.IsHighSurrogate(text[index - 1]);
}
