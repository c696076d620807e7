using System.Text.Json.Serialization;
using Multihead.Kernels.Gemm;
using Multihead.Models.Formats;

namespace Multihead.Training;

/// <summary>The number format that matrix products round their operands to while learning. Weights, the optimizer's state, sums,
/// norms and softmaxes are 32-bit floats in any: Micikevicius et al., 2018, https://arxiv.org/abs/1710.03740; with bf16 no loss
/// scaling is needed, since its exponent has the range of fp32: Kalamkar et al., 2019, https://arxiv.org/abs/1905.12322.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Precision>))]
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>16-bit bfloat16 operands: about twice as fast where the processor multiplies them (AVX512-BF16), refused
    /// elsewhere.</summary>
    Bf16,

    /// <summary>The faster of the two on this processor; a run records which.</summary>
    Fastest,
}

/// <summary>What a precision means for the kernels.</summary>
internal static class Precisions
{
    /// <summary>With <see cref="Precision.Fastest"/> settled.</summary>
    public static Precision Settled(this Precision precision) =>
        precision != Precision.Fastest ? precision
        : AssembledProduct.Serves(ProductFormat.Bf16) ? Precision.Bf16 : Precision.Fp32;

    public static ProductFormat OperandFormat(this Precision precision) =>
        precision.Settled() == Precision.Bf16 ? ProductFormat.Bf16 : ProductFormat.Fp32;

    /// <exception cref="MultiheadException">The processor would be slower with it.</exception>
    public static void Validate(this Precision precision)
    {
        if (precision != Precision.Bf16 || AssembledProduct.Serves(ProductFormat.Bf16)) return;
        throw new MultiheadException("Training option 'precision' is bf16, which this process cannot multiply faster than fp32 "
            + "(that takes a processor with AVX512-BF16, and MULTIHEAD_JIT other than 0); use fp32 or fastest.");
    }
}
