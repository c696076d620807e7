namespace Multihead.Models.Formats.Gguf;

/// <summary>The blocks that an element type comes in.</summary>
/// <param name="Length">Elements of a block.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Decode">Makes floats of whole blocks.</param>
internal sealed record GgufBlock(int Length, int Bytes, BinaryFile.Decoder Decode)
{
    private static readonly GgufBlock Float16 = new(1, 2, FloatWidening.FromFloat16);
    private static readonly GgufBlock BFloat16 = new(1, 2, FloatWidening.FromBFloat16);
    private static readonly GgufBlock Float32 = new(1, 4, static (source, destination) =>
        source.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(destination)));
    private static readonly GgufBlock Q4 = new(GgufQ4_0.Length, GgufQ4_0.Bytes, GgufQ4_0.Decode);
    private static readonly GgufBlock Q8 = new(GgufQ8_0.Length, GgufQ8_0.Bytes, GgufQ8_0.Decode);
    private static readonly GgufBlock Q4K = new(GgufQ4_K.Length, GgufQ4_K.Bytes, GgufQ4_K.Decode);
    private static readonly GgufBlock Q6K = new(GgufQ6_K.Length, GgufQ6_K.Bytes, GgufQ6_K.Decode);

    /// <summary>The blocks of a type; null where it cannot be read.</summary>
    public static GgufBlock? Of(GgufType type) => type switch
    {
        GgufType.F32 => Float32,
        GgufType.F16 => Float16,
        GgufType.BF16 => BFloat16,
        GgufType.Q4_0 => Q4,
        GgufType.Q8_0 => Q8,
        GgufType.Q4_K => Q4K,
        GgufType.Q6_K => Q6K,
        _ => null,
    };
}
