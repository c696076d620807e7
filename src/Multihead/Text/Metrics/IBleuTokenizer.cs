namespace Multihead.Text.Metrics;

/// <summary>Puts spaces between what shall be separate tokens; holds buffers, so one thread at a time.</summary>
internal interface IBleuTokenizer
{
    /// <returns>The line with its tokens set apart by white space; good until the next call.</returns>
    ReadOnlySpan<char> Spread(ReadOnlySpan<char> line);
}
