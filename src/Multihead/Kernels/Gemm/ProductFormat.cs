namespace Multihead.Kernels.Gemm;

/// <summary>The number format of a product's operands; sums are fp32 in any.</summary>
internal enum ProductFormat
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>16-bit floats with the exponent of 32-bit ones (8 bits), rounded to nearest even from fp32.</summary>
    Bf16,

    /// <summary>8-bit integers with scales; sums are 32-bit integers. For <see cref="Int8Product"/> alone.</summary>
    Int8,
}

/// <summary>How formats fill panels: everywhere in words of 32 bits, one step of a microkernel each.</summary>
internal static class ProductFormats
{
    /// <summary>The formats that products have here: fp32 everywhere, others where assembled code serves them.</summary>
    public static IReadOnlyList<ProductFormat> Served { get; } =
        [.. Enum.GetValues<ProductFormat>().Where(format => format == ProductFormat.Fp32 || AssembledProduct.Serves(format))];

    /// <summary>What recipes and reports call it.</summary>
    public static string Name(this ProductFormat format) => format switch
    {
        ProductFormat.Fp32 => "fp32",
        ProductFormat.Bf16 => "bf16",
        _ => "int8",
    };

    /// <summary>Elements in a whole word.</summary>
    public static int ElementsPerWord(this ProductFormat format) => format switch
    {
        ProductFormat.Fp32 => 1,
        ProductFormat.Bf16 => 2,
        _ => 4,
    };

    /// <summary>Words that a depth of so many elements takes; the last one is filled up with zeros.</summary>
    public static int Words(this ProductFormat format, int depth) =>
        (depth + format.ElementsPerWord() - 1) / format.ElementsPerWord();

    /// <summary>Elements that so many words from <paramref name="word"/> on hold of a depth.</summary>
    public static int Elements(this ProductFormat format, int depth, int word, int words) =>
        Math.Min(depth - word * format.ElementsPerWord(), words * format.ElementsPerWord());
}
