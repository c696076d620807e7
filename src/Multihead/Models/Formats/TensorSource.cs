namespace Multihead.Models.Formats;

/// <summary>A tensor to be written: 32-bit floats that stay where they are while the file is written.</summary>
/// <param name="Name">Unique within the checkpoint.</param>
/// <param name="Shape">Outermost first; empty for a scalar.</param>
/// <param name="Data">The address of the first of as many floats as the product of <paramref name="Shape"/>.</param>
internal readonly record struct TensorSource(string Name, long[] Shape, nint Data)
{
    /// <summary>Bytes of the data.</summary>
    public long ByteCount
    {
        get
        {
            var count = (long)sizeof(float);
            foreach (var size in Shape) count = checked(count * size);
            return count;
        }
    }
}
