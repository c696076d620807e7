using System.Runtime.InteropServices;

namespace Multihead.Kernels.Gemm;

/// <summary>A rectangle of memory that is to be brought into the second-level cache, a line for every few steps of an assembled
/// microkernel, which keeps its place in here. What lies beyond the memory's end is asked for without harm.</summary>
[StructLayout(LayoutKind.Explicit, Size = ByteCount)]
internal readonly unsafe struct Prefetcher
{
    public const int LineAt = 0, RowEndAt = 8, StepAt = 16, GapAt = 24, StrideAt = 32, EndAt = 40, ByteCount = 48;

    private const int CacheLine = 64;

    // The next line to ask for, and where its row ends.
    [FieldOffset(LineAt)]
    private readonly byte* _line;

    [FieldOffset(RowEndAt)]
    private readonly nuint _rowEnd;

    // To the next line: 0 when all is done, and the last line is asked for again and again.
    [FieldOffset(StepAt)]
    private readonly nint _step;

    // From the end of a row to the next row, from row to row, and the end of the last one.
    [FieldOffset(GapAt)]
    private readonly nint _gap;

    [FieldOffset(StrideAt)]
    private readonly nint _stride;

    [FieldOffset(EndAt)]
    private readonly nuint _end;

    /// <param name="start">The first row.</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="rowBytes">Bytes of a row that are wanted.</param>
    /// <param name="rowStride">Bytes from a row to the next.</param>
    public Prefetcher(byte* start, int rows, long rowBytes, long rowStride)
    {
        var any = rows > 0 && rowBytes > 0;
        _line = start;
        _rowEnd = any ? (nuint)(start + rowBytes) : nuint.MaxValue;
        _step = any ? CacheLine : 0;
        _gap = (nint)(rowStride - rowBytes);
        _stride = (nint)rowStride;
        _end = (nuint)(start + (rows - 1) * rowStride + rowBytes);
    }

    /// <summary>Asks for nothing but the line at <paramref name="near"/>.</summary>
    public static Prefetcher Idle(void* near) => new((byte*)near, 0, 0, 0);
}
