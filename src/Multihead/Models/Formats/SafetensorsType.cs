namespace Multihead.Models.Formats;

/// <summary>The element types of the safetensors format, https://github.com/huggingface/safetensors.</summary>
internal static class SafetensorsType
{
    /// <summary>Brain floating point: the upper half of an F32.</summary>
    public const string BFloat16 = "BF16";

    /// <summary>IEEE 754 binary16.</summary>
    public const string Float16 = "F16";

    /// <summary>IEEE 754 binary32.</summary>
    public const string Float32 = "F32";

    /// <summary>All names that the format knows.</summary>
    public static readonly string[] Names =
    [
        Float32, Float16, BFloat16, "F64", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL", "C64",
        "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4",
    ];

    /// <summary>The size of an element in bits; 0 for a name that the format does not know.</summary>
    public static int BitsOf(string name) => name switch
    {
        "F64" or "I64" or "U64" or "C64" => 64,
        Float32 or "I32" or "U32" => 32,
        Float16 or BFloat16 or "I16" or "U16" => 16,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 8,
        "F6_E2M3" or "F6_E3M2" => 6,
        "F4" => 4,
        _ => 0,
    };
}
