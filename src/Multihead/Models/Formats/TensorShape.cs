namespace Multihead.Models.Formats;

/// <summary>Shapes out of files that nobody has checked yet.</summary>
internal static class TensorShape
{
    /// <summary>The product of a shape, or null where a size is negative or the product of those that are not 0 passes 2^60.
    /// </summary>
    public static long? Count(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0 || size > 0 && count > (1L << 60) / size) return null;
            count *= size;
        }
        return count;
    }
}
