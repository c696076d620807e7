using Iced.Intel;
using Multihead.Kernels.Assembly;
using Multihead.Kernels.Gemm;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Measurement;

/// <summary>Loops of multiply-adds that touch no memory, in the formats that have no intrinsics in .NET.</summary>
internal static unsafe class AssembledPeak
{
    // Registers that no calling convention wants back; enough chains to hide the latency of each.
    private static readonly AssemblerRegisterZMM[] Chains =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29];

    private static readonly nint[] Code =
        MachineCode.TryCompile([x => Write(x, ProductFormat.Bf16), x => Write(x, ProductFormat.Int8)])
        ?? throw new InvalidOperationException("the system has refused executable memory that it gave before");

    /// <summary>Operations of a step: in 16 lanes of every chain as many products and sums as a word has elements.</summary>
    public static long OperationsPerStep(ProductFormat format) => Chains.Length * 16 * 2 * format.ElementsPerWord();

    /// <summary>Runs the loop of bf16 or int8, where products in it are served; at least one step.</summary>
    public static void Run(ProductFormat format, long steps) =>
        ((delegate* unmanaged<long, void>)Code[format == ProductFormat.Bf16 ? 0 : 1])(steps);

    private static void Write(Assembler x, ProductFormat format)
    {
        foreach (var register in Chains) x.vpxord(register, register, register);
        x.vpxord(zmm30, zmm30, zmm30);
        x.vpxord(zmm31, zmm31, zmm31);
        var loop = x.CreateLabel();
        x.Label(ref loop);
        foreach (var register in Chains)
        {
            if (format == ProductFormat.Bf16) x.vdpbf16ps(register, zmm30, zmm31);
            else x.vpdpbusd(register, zmm30, zmm31);
        }
        x.dec(MachineCode.Argument);
        x.jnz(loop);
        x.vzeroupper();
        x.ret();
    }
}
