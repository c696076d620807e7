using System.Buffers;

namespace Multihead.Text.Tokenizers;

/// <summary>Finds the added tokens that are plain text (runs of spaces, say): the leftmost, and of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string> _contents;

    /// <param name="tokens">Special ones are left out.</param>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.Where(token => !token.Special).OrderByDescending(token => token.Content.Length)];
        _contents = SearchValues.Create([.. _longestFirst.Select(token => token.Content)], StringComparison.Ordinal);
    }

    /// <summary>Where the next added token starts in <paramref name="text"/>, and which it is; -1 where there is none.</summary>
    public int Find(ReadOnlySpan<char> text, out AddedToken? found)
    {
        found = null;
        if (_longestFirst.Length == 0) return -1;
        var start = text.IndexOfAny(_contents);
        if (start < 0) return -1;
        foreach (var token in _longestFirst)
            if (text[start..].StartsWith(token.Content, StringComparison.Ordinal))
            {
                found = token;
                break;
            }
        return start;
    }
}
