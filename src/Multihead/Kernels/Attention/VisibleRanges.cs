using System.Runtime.CompilerServices;

namespace Multihead.Kernels.Attention;

/// <summary>Which keys of one block each row of a block of rows sees.</summary>
internal readonly unsafe struct VisibleRanges(int* from, int* to)
{
    /// <summary>The first visible key of a row, counted from the block's first.</summary>
    public int From(int row) => from[row];

    /// <summary>The first key after those that the row sees; not above <see cref="From"/> if it sees none.</summary>
    public int To(int row) => to[row];

    /// <summary>Takes up the rows from <paramref name="row"/> on and the keys of a block; tells whether every row sees every
    /// key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Load<TKeys>(TKeys keys, in AttentionRows rows, int row, int rowCount, int key, int keyCount)
        where TKeys : struct, IVisibleKeys
    {
        var (_, end) = keys.InBlock(rows.Position(row), key, keyCount);
        var (start, _) = keys.InBlock(rows.Position(row + rowCount - 1), key, keyCount);
        if (start == 0 && end == keyCount) // then so it is between
        {
            new Span<int>(from, rowCount).Clear();
            new Span<int>(to, rowCount).Fill(keyCount);
            return true;
        }
        for (var i = 0; i < rowCount; i++) (from[i], to[i]) = keys.InBlock(rows.Position(row + i), key, keyCount);
        return false;
    }

    /// <summary>From the first to the last key that any of the rows sees, and whether all see the same.</summary>
    public (int From, int To, bool Same) Union(int start, int end)
    {
        var (first, last, same) = (int.MaxValue, 0, true);
        for (var i = start; i < end; i++)
        {
            same &= from[i] == from[start] && to[i] == to[start];
            if (to[i] <= from[i]) continue;
            first = Math.Min(first, from[i]);
            last = Math.Max(last, to[i]);
        }
        return (first, last, same);
    }

    /// <summary>From the first to the last of the rows that sees any of some keys; none where start is not below end.</summary>
    public (int Start, int End) Seeing(int rowCount, int firstKey, int endKey)
    {
        var start = 0;
        while (start < rowCount && !Sees(start, firstKey, endKey)) start++;
        var end = rowCount;
        while (end > start && !Sees(end - 1, firstKey, endKey)) end--;
        return (start, end);
    }

    private bool Sees(int row, int firstKey, int endKey) =>
        Math.Max(from[row], firstKey) < Math.Min(to[row], endKey);
}
