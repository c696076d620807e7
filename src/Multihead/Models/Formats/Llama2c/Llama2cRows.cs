namespace Multihead.Models.Formats.Llama2c;

/// <summary>The order of a tensor's rows in a llama2.c file.</summary>
internal enum Llama2cRows
{
    /// <summary>As with Hugging Face.</summary>
    Plain,

    /// <summary>Rotary positions turn neighbouring rows (<see cref="RotaryRows"/>): queries and keys.</summary>
    RotaryPairs,
}
