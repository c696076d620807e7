using System.Buffers;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Byte pair encoding of one word (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909, over bytes as in GPT-2):
/// of all neighbours the pair with the lowest rank, the leftmost of equals, becomes one token, until none is left.</summary>
/// <param name="byteIds">[256] the token of each byte; -1 where there is none, so that the byte is left out.</param>
/// <param name="merges">The merges by rank.</param>
internal sealed class BytePairModel(int[] byteIds, MergeTable merges) : ITokenModel
{
    /// <summary>Up to here looking through all pairs again after each merge is quicker than keeping a heap of them.</summary>
    private const int ShortWordBytes = 128;

    private readonly bool _lacksBytes = byteIds.Contains(-1);

    /// <summary>The merges by rank.</summary>
    public MergeTable Merges => merges;

    /// <summary>Appends the tokens of a word of any length; a lone surrogate counts as U+FFFD.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length <= ShortWordBytes / 3)
        {
            Span<byte> bytes = stackalloc byte[ShortWordBytes];
            Encode(bytes[..Encoding.UTF8.GetBytes(word, bytes)], ids);
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(word));
        Encode(rented.AsSpan(0, Encoding.UTF8.GetBytes(word, rented)), ids);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void Encode(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        var start = ids.Count;
        EncodeAll(bytes, ids);
        if (!_lacksBytes) return;
        var kept = start;
        for (var i = start; i < ids.Count; i++)
            if (ids[i] >= 0) ids[kept++] = ids[i];
        ids.RemoveRange(kept, ids.Count - kept);
    }

    private void EncodeAll(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        if (bytes.Length > ShortWordBytes)
        {
            LongWord.Encode(bytes, byteIds, merges, ids);
            return;
        }
        Span<int> tokens = stackalloc int[ShortWordBytes];
        for (var i = 0; i < bytes.Length; i++) tokens[i] = byteIds[bytes[i]];
        ids.AddRange(MergeAll(tokens[..bytes.Length]));
    }

    /// <summary>Merges in place; returns the part that is left.</summary>
    private ReadOnlySpan<int> MergeAll(Span<int> tokens)
    {
        Span<int> ranks = stackalloc int[ShortWordBytes]; // of the pair (i, i + 1)
        var pairs = tokens.Length - 1;
        for (var i = 0; i < pairs; i++) ranks[i] = merges.Rank(tokens[i], tokens[i + 1]);
        while (pairs > 0)
        {
            var best = 0;
            for (var i = 1; i < pairs; i++)
                if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == MergeTable.None) break;
            tokens[best] = merges.Merges[ranks[best]].Result;
            tokens[(best + 2)..(pairs + 1)].CopyTo(tokens[(best + 1)..]);
            ranks[(best + 1)..pairs].CopyTo(ranks[best..]);
            pairs--;
            if (best > 0) ranks[best - 1] = merges.Rank(tokens[best - 1], tokens[best]);
            if (best < pairs) ranks[best] = merges.Rank(tokens[best], tokens[best + 1]);
        }
        return tokens[..(pairs + 1)];
    }
}
