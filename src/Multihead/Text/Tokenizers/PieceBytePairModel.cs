namespace Multihead.Text.Tokenizers;

/// <summary>SentencePiece's BPE with its fallback for characters that no piece spells.</summary>
internal sealed class PieceBytePairModel(PieceMerger merger, PieceFallback fallback) : ITokenModel
{
    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var starts = merger.Merge(word);
        var unknown = false;
        for (var i = 0; i < starts.Count; i++)
        {
            var symbol = word[starts[i]..(i + 1 < starts.Count ? starts[i + 1] : word.Length)];
            var known = merger.TryGetId(symbol, out var id);
            if (known) ids.Add(id);
            else fallback.Append(symbol, unknown, ids);
            unknown = !known;
        }
    }
}
