using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Multihead.Cli.Doctor;

/// <summary>What the processor says about itself.</summary>
internal static class Processor
{
    private const int FirstBrandLeaf = unchecked((int)0x8000_0002);

    /// <summary>The name that the maker gave it, or the architecture where it has no way to say.</summary>
    public static string Name
    {
        get
        {
            var architecture = RuntimeInformation.ProcessArchitecture.ToString();
            Span<byte> brand = stackalloc byte[48]; // three leaves of sixteen letters, ended by zeros
            for (var i = 0; i < 3; i++)
            {
                var leaf = Query(FirstBrandLeaf + i, 0);
                BinaryPrimitives.WriteInt32LittleEndian(brand[(16 * i)..], leaf.Eax);
                BinaryPrimitives.WriteInt32LittleEndian(brand[(16 * i + 4)..], leaf.Ebx);
                BinaryPrimitives.WriteInt32LittleEndian(brand[(16 * i + 8)..], leaf.Ecx);
                BinaryPrimitives.WriteInt32LittleEndian(brand[(16 * i + 12)..], leaf.Edx);
            }
            var name = Encoding.ASCII.GetString(brand).Trim('\0', ' ');
            return name.Length > 0 ? name : architecture;
        }
    }

    /// <summary>The four registers that CPUID answers with, or zeros for a leaf that the processor does not have.</summary>
    public static (int Eax, int Ebx, int Ecx, int Edx) Query(int leaf, int subleaf)
    {
        if (!X86Base.IsSupported) return default;
        var family = leaf & unchecked((int)0x8000_0000);
        return (uint)leaf <= (uint)X86Base.CpuId(family, 0).Eax ? X86Base.CpuId(leaf, subleaf) : default;
    }
}
