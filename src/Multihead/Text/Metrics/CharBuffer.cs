namespace Multihead.Text.Metrics;

/// <summary>A growing run of UTF-16 units that keeps its memory between lines.</summary>
internal sealed class CharBuffer
{
    private char[] units = new char[512];
    private int length;

    public ReadOnlySpan<char> Span => units.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Append(char unit)
    {
        if (length == units.Length) Array.Resize(ref units, units.Length * 2);
        units[length++] = unit;
    }

    public void Append(ReadOnlySpan<char> run)
    {
        if (run.Length > units.Length - length) Array.Resize(ref units, Math.Max(units.Length * 2, length + run.Length));
        run.CopyTo(units.AsSpan(length));
        length += run.Length;
    }

    /// <summary>Appends the run with one space on each side.</summary>
    public void AppendApart(ReadOnlySpan<char> run)
    {
        Append(' ');
        Append(run);
        Append(' ');
    }
}
