using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>tiktoken's BPE: merges aren't listed, any two neighbours merge whose bytes together are a token, the lowest rank
/// first. A word that is a token itself is taken whole.</summary>
/// <param name="merger">Tokens spelt in the byte alphabet, all 256 bytes among them.</param>
internal sealed class RankedBytesModel(PieceMerger merger) : ITokenModel
{
    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        ReadOnlySpan<char> symbols = Array.ConvertAll(bytes, ByteAlphabet.Symbol);
        if (merger.TryGetId(symbols, out var whole))
        {
            ids.Add(whole);
            return;
        }
        var starts = merger.Merge(symbols);
        for (var i = 0; i < starts.Count; i++)
        {
            merger.TryGetId(symbols[starts[i]..(i + 1 < starts.Count ? starts[i + 1] : symbols.Length)], out var id);
            ids.Add(id);
        }
    }
}
