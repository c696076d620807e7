namespace Multihead.Models.Formats.CTranslate2;

/// <summary>The element types of CTranslate2's files, with its numbers.</summary>
internal enum CTranslate2Type : byte
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>Quantised weights, a scale a row; also flags.</summary>
    Int8,

    /// <summary>Quantised weights, one scale; also small numbers.</summary>
    Int16,

    /// <summary>Numbers.</summary>
    Int32,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>bfloat16.</summary>
    BFloat16,
}
