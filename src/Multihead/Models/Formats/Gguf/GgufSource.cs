namespace Multihead.Models.Formats.Gguf;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Unique within the file.</param>
/// <param name="Shape">Outermost first; 1 to 4 sizes, the last a whole number of the type's blocks.</param>
/// <param name="Type">F32, F16, Q8_0 or Q4_0.</param>
/// <param name="Fill">Puts all values, in their order, into memory that has room for them.</param>
internal sealed unsafe record GgufSource(string Name, long[] Shape, GgufType Type, GgufSource.Filler Fill)
{
    /// <summary>Puts all values of a tensor into memory that has room for them.</summary>
    public delegate void Filler(float* destination);
}
