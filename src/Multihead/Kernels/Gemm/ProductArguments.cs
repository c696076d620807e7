using System.Runtime.InteropServices;

namespace Multihead.Kernels.Gemm;

/// <summary>What an assembled microkernel reads its work from: one pointer is passed alike on every system. It goes through a row
/// of tiles, and leaves the fields that move from tile to tile changed. The constants are the places that the assembler knows.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct ProductArguments
{
    public const int
        AAt = 0, ARowBytesAt = 8, AStepBytesAt = 16, BAt = 24, PanelBytesAt = 32, CAt = 40, CStrideBytesAt = 48, StepsAt = 56,
        ResumeAt = 64, TilesAt = 72, ColumnsAt = 80, NextAt = 88, LastNextAt = 96, EpilogueAt = 104, FirstRowAt = 112,
        FirstColumnAt = 120, AheadAt = 128, StartsAt = AheadAt + Prefetcher.ByteCount, RowScalesAt = StartsAt + 8, ColumnScalesAt = StartsAt + 16,
        AddAt = StartsAt + 24;

    /// <summary>The word of a row and a step stands at A + row * ARowBytes + step * AStepBytes.</summary>
    [FieldOffset(AAt)]
    public float* A;

    [FieldOffset(ARowBytesAt)]
    public long ARowBytes;

    [FieldOffset(AStepBytesAt)]
    public long AStepBytes;

    /// <summary>[tiles, steps, 32] words; moves.</summary>
    [FieldOffset(BAt)]
    public float* B;

    /// <summary>From one tile's panel of B to the next.</summary>
    [FieldOffset(PanelBytesAt)]
    public long PanelBytes;

    /// <summary>The first tile; moves.</summary>
    [FieldOffset(CAt)]
    public float* C;

    [FieldOffset(CStrideBytesAt)]
    public long CStrideBytes;

    /// <summary>At least 1.</summary>
    [FieldOffset(StepsAt)]
    public long Steps;

    /// <summary>0: the chains begin at zero, else they go on from C.</summary>
    [FieldOffset(ResumeAt)]
    public long Resume;

    /// <summary>At least 1; ends as 0.</summary>
    [FieldOffset(TilesAt)]
    public long Tiles;

    /// <summary>A bit for each of the 32 columns of the last tile that exist; those before are whole.</summary>
    [FieldOffset(ColumnsAt)]
    public long Columns;

    /// <summary>What is wanted after the first tile: as many rows of 32 floats as the tile has, as far apart as C's; brought near.
    /// After the second tile it is what lies beside it, and so on but for the last; moves.</summary>
    [FieldOffset(NextAt)]
    public float* Next;

    /// <summary>What is wanted after the last tile.</summary>
    [FieldOffset(LastNextAt)]
    public float* LastNext;

    /// <summary>Operands of the epilogue.</summary>
    [FieldOffset(EpilogueAt)]
    public void* Epilogue;

    /// <summary>Where in C the first tile begins, for the epilogue.</summary>
    [FieldOffset(FirstRowAt)]
    public long FirstRow;

    /// <summary>See <see cref="FirstRow"/>; moves.</summary>
    [FieldOffset(FirstColumnAt)]
    public long FirstColumn;

    /// <summary>What else is to be brought near on the way; moves.</summary>
    [FieldOffset(AheadAt)]
    public Prefetcher Ahead;

    // For int8 alone.

    /// <summary>Where the chains of each column begin; moves.</summary>
    [FieldOffset(StartsAt)]
    public int* Starts;

    [FieldOffset(RowScalesAt)]
    public float* RowScales;

    /// <summary>Null: the sums are stored as integers; else it moves.</summary>
    [FieldOffset(ColumnScalesAt)]
    public float* ColumnScales;

    /// <summary>Not 0: the scaled sums are added to C.</summary>
    [FieldOffset(AddAt)]
    public long Add;
}
