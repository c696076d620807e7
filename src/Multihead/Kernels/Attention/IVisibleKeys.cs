namespace Multihead.Kernels.Attention;

/// <summary>Which keys of a span its queries see. A struct, so that the loops over tiles are compiled for the kind at hand.
/// Positions count from the span's first key; a query's position may be negative where there are more queries than
/// keys.</summary>
internal interface IVisibleKeys
{
    /// <summary>Whether any query at the positions from <paramref name="firstPosition"/> up to and with
    /// <paramref name="lastPosition"/> sees a key of the block; blocks that none sees are passed over. May say yes where
    /// none does.</summary>
    /// <param name="firstPosition">Of the block of queries.</param>
    /// <param name="lastPosition">Of the block of queries.</param>
    /// <param name="key">The block's first key, a multiple of <see cref="AttentionRows.Block"/>.</param>
    /// <param name="count">Keys of the block, 1 or more.</param>
    bool Visit(int firstPosition, int lastPosition, int key, int count);

    /// <summary>The keys of one block that a query sees: those from <c>From</c> on and before <c>To</c>, counted from the
    /// block's first key, both in 0..<paramref name="count"/>; none where <c>To</c> is not above <c>From</c>. Neither
    /// falls as the position grows.</summary>
    /// <param name="position">Of the query.</param>
    /// <param name="key">The block's first key.</param>
    /// <param name="count">Keys of the block.</param>
    (int From, int To) InBlock(int position, int key, int count);
}
