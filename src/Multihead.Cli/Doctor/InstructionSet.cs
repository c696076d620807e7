using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Multihead.Kernels.Gemm;

namespace Multihead.Cli.Doctor;

/// <summary>An instruction set that matters to the kernels.</summary>
/// <param name="Name">As the maker writes it.</param>
/// <param name="Processor">Whether the processor has it.</param>
/// <param name="Runtime">Whether this process uses it (settings such as DOTNET_EnableAVX512=0 take it away); null where nothing
/// here has a use for it.</param>
internal sealed record InstructionSet(string Name, bool Processor, bool? Runtime)
{
    /// <summary>Those of this kind of processor.</summary>
    public static IReadOnlyList<InstructionSet> List() => X86Base.IsSupported ? ListX86() : ListArm();

    /// <summary>One word for reports.</summary>
    public string State => (Processor, Runtime) switch
    {
        (false, _) => "not there",
        (true, false) => "switched off",
        (true, true) => "in use",
        (true, null) => "there, not used",
    };

    private static InstructionSet[] ListX86()
    {
        var leaf1 = Doctor.Processor.Query(1, 0);
        var leaf7 = Doctor.Processor.Query(7, 0);
        var leaf7Next = leaf7.Eax >= 1 ? Doctor.Processor.Query(7, 1) : default;
        return
        [
            new("AVX2", Bit(leaf7.Ebx, 5), Avx2.IsSupported),
            new("FMA", Bit(leaf1.Ecx, 12), Fma.IsSupported),
            new("AVX-512F", Bit(leaf7.Ebx, 16), Avx512F.IsSupported),
            new("AVX-512BW", Bit(leaf7.Ebx, 30), Avx512BW.IsSupported),
            new("AVX-VNNI", Bit(leaf7Next.Eax, 4), AvxVnni.IsSupported),
            new("AVX512-VNNI", Bit(leaf7.Ecx, 11), AssembledProduct.Serves(ProductFormat.Int8)),
            new("AVX512-BF16", Bit(leaf7Next.Eax, 5), AssembledProduct.Serves(ProductFormat.Bf16)),
        ];
    }

    private static InstructionSet[] ListArm() =>
    [
        new("AdvSimd", AdvSimd.IsSupported, AdvSimd.IsSupported),
        new("Dp", Dp.IsSupported, Dp.IsSupported),
    ];

    private static bool Bit(int register, int bit) => ((register >> bit) & 1) != 0;
}
