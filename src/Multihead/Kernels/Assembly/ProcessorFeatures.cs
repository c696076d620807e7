using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Assembly;

/// <summary>Which instructions assembled code may use: those that the processor has and the runtime has not been told to leave
/// alone (DOTNET_EnableAVX512=0 does not change what CPUID says).</summary>
internal static class ProcessorFeatures
{
    /// <summary>AVX-512F with 512-bit registers in use.</summary>
    public static bool Avx512 { get; } =
        X86Base.X64.IsSupported && Avx512F.IsSupported && Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;

    /// <summary>AVX512-BF16, such as vdpbf16ps; .NET has no intrinsics for it.</summary>
    public static bool Avx512Bf16 { get; } = Avx512 && Leaf7(1).Eax is var eax && Bit(eax, 5);

    /// <summary>AVX512-VNNI, such as vpdpbusd on 512-bit registers; .NET has no intrinsics for it.</summary>
    public static bool Avx512Vnni { get; } = Avx512 && Bit(Leaf7(0).Ecx, 11);

    private static (int Eax, int Ebx, int Ecx, int Edx) Leaf7(int subleaf)
    {
        if (X86Base.CpuId(0, 0).Eax < 7) return default;
        return subleaf <= X86Base.CpuId(7, 0).Eax ? X86Base.CpuId(7, subleaf) : default;
    }

    private static bool Bit(int register, int bit) => ((register >> bit) & 1) != 0;
}
