namespace Multihead.Models.Formats;

/// <summary>One tensor of a safetensors file, as the header describes it and after all checks.</summary>
/// <param name="Name">Unique within the file.</param>
/// <param name="Type">The element type as the format writes it: F32, BF16, I64 and so on.</param>
/// <param name="Shape">Outermost first; empty for a scalar.</param>
/// <param name="Offset">Where the data begin, in bytes from the beginning of the file.</param>
/// <param name="ByteCount">Bytes of data; equals the shape's product times the element size.</param>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Offset, long ByteCount)
{
    /// <summary>The product of the shape; 1 for a scalar.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var size in Shape) count *= size;
            return count;
        }
    }
}
