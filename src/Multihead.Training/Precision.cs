using Multihead.Kernels.Gemm;

namespace Multihead.Training;

/// <summary>The number format that matrix products round their operands to while learning. Weights, the optimizer's state, sums,
/// norms and softmaxes are 32-bit floats in any: Micikevicius et al., 2018, https://arxiv.org/abs/1710.03740; with bf16 no loss
/// scaling is needed, since its exponent has the range of fp32: Kalamkar et al., 2019, https://arxiv.org/abs/1905.12322.</summary>
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>16-bit bfloat16 operands: about twice as fast where the processor multiplies them (AVX512-BF16).</summary>
    Bf16,
}

/// <summary>What a precision means for the kernels.</summary>
internal static class Precisions
{
    /// <summary>The fastest that this processor has.</summary>
    public static Precision Fastest =>
        AssembledProduct.Serves(ProductFormat.Bf16) ? Precision.Bf16 : Precision.Fp32;

    public static ProductFormat OperandFormat(this Precision precision) =>
        precision == Precision.Bf16 ? ProductFormat.Bf16 : ProductFormat.Fp32;

    /// <exception cref="MultiheadException">The processor would be slower with it.</exception>
    public static void Validate(this Precision precision)
    {
        if (AssembledProduct.Serves(precision.OperandFormat()) || precision == Precision.Fp32) return;
        throw new MultiheadException("Training option 'precision' is bf16, but this process cannot multiply it faster than fp32 "
            + "(that takes AVX512-BF16, and MULTIHEAD_JIT other than 0); use fp32.");
    }
}
