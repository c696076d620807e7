namespace Multihead.Text.Tokenizers;

/// <summary>Byte pair encoding of a long word in O(n log n): the tokens are a linked list, the pairs wait in a heap, and an
/// entry whose pair has changed meanwhile is passed over. Gives what looking through all pairs each time gives.</summary>
internal static class LongWord
{
    private const int Gone = -1;

    /// <summary>Appends the tokens of the word that has these bytes (one at least).</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, int[] byteIds, MergeTable merges, List<int> ids)
    {
        var tokens = new int[bytes.Length];
        var next = new int[bytes.Length];
        var previous = new int[bytes.Length];
        for (var i = 0; i < bytes.Length; i++) (tokens[i], next[i], previous[i]) = (byteIds[bytes[i]], i + 1, i - 1);

        // An entry is (rank, place of the left token): the heap's order is that of the merges, leftmost first.
        var heap = new PriorityQueue<int, long>(bytes.Length);
        for (var i = 0; i + 1 < tokens.Length; i++) Offer(i);
        while (heap.TryDequeue(out var left, out var entry))
        {
            if (tokens[left] == Gone || next[left] == tokens.Length) continue;
            var right = next[left];
            var rank = merges.Rank(tokens[left], tokens[right]);
            if (rank != (int)(entry >> 32)) continue;
            tokens[left] = merges.Merges[rank].Result;
            tokens[right] = Gone;
            next[left] = next[right];
            if (next[left] < tokens.Length) previous[next[left]] = left;
            Offer(left);
            if (previous[left] >= 0) Offer(previous[left]);
        }
        for (var i = 0; i < tokens.Length; i = next[i]) ids.Add(tokens[i]);

        void Offer(int left)
        {
            if (next[left] == tokens.Length) return;
            var rank = merges.Rank(tokens[left], tokens[next[left]]);
            if (rank != MergeTable.None) heap.Enqueue(left, ((long)rank << 32) | (uint)left);
        }
    }
}
