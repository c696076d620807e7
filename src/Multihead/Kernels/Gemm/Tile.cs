using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>The block of C that a microkernel keeps in registers: rows of broadcast A against two vectors of B. 12 x 2 vectors
/// need 24 of the 32 registers that 512-bit machines have; elsewhere 6 x 2 need 12 of 16.</summary>
internal static class Tile
{
    /// <summary>Rows of a packed panel of A.</summary>
    public static int Rows => SimdPath.Is512 ? WidestRows : 6;

    /// <summary>Columns of a packed panel of B.</summary>
    public static int Columns => SimdPath.Is512 ? 32 : SimdPath.Is256 ? 16 : 8;

    /// <summary>Rows of the largest tile over all paths.</summary>
    public const int WidestRows = 12;

    /// <summary>The largest tile over all paths, for scratch on the stack.</summary>
    public const int MaxFloats = WidestRows * 32;
}
