using System.Runtime.InteropServices;

namespace Multihead.Kernels.Gemm;

/// <summary>What an assembled microkernel reads its work from: one pointer is passed alike on every system.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProductArguments
{
    public float* A; // [steps, 12] words
    public float* B; // [steps, 32] words
    public float* C;
    public long Steps; // at least 1
    public long CStrideBytes;
    public long Resume; // 0: the chains begin at zero, else they go on from C
    public long Columns; // a bit for each of the 32 columns that exist
}
