using Iced.Intel;
using Multihead.Kernels.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Measurement;

/// <summary>A loop of bf16 multiply-adds that touches no memory, where products in bf16 are served.</summary>
internal static unsafe class Bf16Peak
{
    // Registers that no calling convention wants back; enough chains to hide the latency of each.
    private static readonly AssemblerRegisterZMM[] Chains =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29];

    private static readonly nint[] Code = MachineCode.TryCompile([Write])
        ?? throw new InvalidOperationException("the system has refused executable memory that it gave before");

    /// <summary>Floating-point operations of a step: 16 lanes of two products and two sums in each chain.</summary>
    public static long FlopsPerStep => Chains.Length * 16 * 4;

    /// <summary>Runs the loop; at least one step.</summary>
    public static void Run(long steps) => ((delegate* unmanaged<long, void>)Code[0])(steps);

    private static void Write(Assembler x)
    {
        foreach (var register in Chains) x.vpxord(register, register, register);
        x.vpxord(zmm30, zmm30, zmm30);
        x.vpxord(zmm31, zmm31, zmm31);
        var loop = x.CreateLabel();
        x.Label(ref loop);
        foreach (var register in Chains) x.vdpbf16ps(register, zmm30, zmm31);
        x.dec(MachineCode.Argument);
        x.jnz(loop);
        x.vzeroupper();
        x.ret();
    }
}
