using System.Runtime.InteropServices;

namespace Multihead.Kernels.Gemm;

/// <summary>What an assembled microkernel reads its work from: one pointer is passed alike on every system. The assembler knows
/// the places of the fields.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProductArguments
{
    public float* A; // word (row, step) at A + row * ARowBytes + step * AStepBytes
    public long ARowBytes;
    public long AStepBytes;
    public float* B; // [steps, 32] words
    public float* C;
    public long CStrideBytes;
    public long Steps; // at least 1
    public long Resume; // 0: the chains begin at zero, else they go on from C
    public long Columns; // a bit for each of the 32 columns that exist
    public float* NextC; // where the next tile of C begins: its rows are brought near
    public void* Epilogue; // its operands
    public long FirstRow; // of C: where the tile begins
    public long FirstColumn;

    // For int8 alone.
    public int* Starts; // where the chains of each column begin
    public float* RowScales;
    public float* ColumnScales; // null: the sums are stored as integers
    public long Add; // not 0: the scaled sums are added to C

    /// <summary>Bytes from the beginning to <see cref="Starts"/>, which the scales follow.</summary>
    public static int StartsOffset => EpilogueOffset + 24;

    /// <summary>Bytes from the beginning to <see cref="Epilogue"/>, which the tile's row and column follow.</summary>
    public static int EpilogueOffset
    {
        get
        {
            ProductArguments any;
            return (int)((byte*)&any.Epilogue - (byte*)&any);
        }
    }
}
