namespace Multihead.Models.Formats.Gguf;

/// <summary>How a GGUF file has the elements of a tensor: ggml's number for it,
/// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Files may have other numbers, whose tensors cannot be read.
/// </summary>
internal enum GgufType : uint
{
    /// <summary>IEEE 754 binary32.</summary>
    F32 = 0,

    /// <summary>IEEE 754 binary16.</summary>
    F16 = 1,

    /// <summary>32 elements of 4 bits with one scale.</summary>
    Q4_0 = 2,

    /// <summary>32 elements of 8 bits with one scale.</summary>
    Q8_0 = 8,

    /// <summary>256 elements of 4 bits in 8 groups, each with a scale and a minimum of 6 bits.</summary>
    Q4_K = 12,

    /// <summary>256 elements of 6 bits in 16 groups, each with a scale of 8 bits.</summary>
    Q6_K = 14,

    /// <summary>bfloat16.</summary>
    BF16 = 30,
}
