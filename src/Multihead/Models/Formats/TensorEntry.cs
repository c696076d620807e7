namespace Multihead.Models.Formats;

/// <summary>Where a tensor stands in a file.</summary>
/// <param name="Name">Unique within the file.</param>
/// <param name="Shape">Outermost first; empty for a scalar.</param>
/// <param name="Type">The element type, as the format numbers it.</param>
/// <param name="Offset">Where the data begin, in bytes from the beginning of the file.</param>
/// <param name="ByteCount">Bytes of data, inside the file.</param>
internal sealed record TensorEntry<TType>(string Name, long[] Shape, TType Type, long Offset, long ByteCount)
{
    /// <summary>The product of the shape; 1 for a scalar.</summary>
    public long ElementCount { get; } = TensorShape.Count(Shape) ?? throw new ArgumentOutOfRangeException(nameof(Shape));
}
