using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Gemm;

/// <summary>Brings a rectangle of memory into the second-level cache, a little at a time while something else is computed. What lies
/// beyond the memory's end is asked for without harm.</summary>
internal unsafe struct Prefetcher
{
    private const int Line = 64;

    private readonly long _rowBytes, _rowStride;
    private byte* _row;
    private long _rowsLeft, _offset;

    /// <summary>Lines to ask for each time.</summary>
    private readonly int _share;

    /// <param name="start">The first row.</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="rowBytes">Bytes of a row that are wanted.</param>
    /// <param name="rowStride">Bytes from a row to the next.</param>
    /// <param name="times">How often <see cref="Some"/> will be called.</param>
    public Prefetcher(byte* start, int rows, long rowBytes, long rowStride, int times)
    {
        _row = start;
        (_rowsLeft, _rowBytes, _rowStride) = (rows, rowBytes, rowStride);
        var lines = (long)rows * ((_rowBytes + Line - 1) / Line);
        _share = Sse.IsSupported ? (int)((lines + times - 1) / times) : 0;
    }

    /// <summary>Asks for the next few lines.</summary>
    public void Some()
    {
        for (var i = 0; i < _share && _rowsLeft > 0; i++)
        {
            Sse.Prefetch1(_row + _offset);
            _offset += Line;
            if (_offset < _rowBytes) continue;
            _offset = 0;
            _row += _rowStride;
            _rowsLeft--;
        }
    }
}
