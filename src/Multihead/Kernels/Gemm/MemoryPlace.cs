using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>The place of a vector for the portable loops.</summary>
/// <param name="row">The row of C.</param>
/// <param name="column">The first column of the tile: a multiple of two vectors.</param>
internal unsafe struct MemoryPlace<TSimd, V>(int row, int column) : IPlace<V> where TSimd : struct, ISimd<V> where V : struct
{
    private int _lanes;

    public int Half { get; private set; }

    public V Carried { get; set; }

    /// <summary>Applies an epilogue to a tile of C in memory.</summary>
    /// <param name="epilogue">What to apply.</param>
    /// <param name="c">[rows, columns] of <paramref name="cStride"/>; at most two vectors wide.</param>
    /// <param name="cStride">Floats from row to row.</param>
    /// <param name="row">The row of C that the tile begins in.</param>
    /// <param name="column">The column of C that the tile begins in: a multiple of two vectors.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    public static void Apply<TEpilogue>(TEpilogue* epilogue, float* c, long cStride, int row, int column, int rows, int columns)
        where TEpilogue : unmanaged, IEpilogue
    {
        for (var i = 0; i < rows; i++, c += cStride)
        {
            var place = new MemoryPlace<TSimd, V>(row + i, column);
            place.Apply(epilogue, c, 0, Math.Min(TSimd.Count, columns));
            if (columns > TSimd.Count) place.Apply(epilogue, c + TSimd.Count, 1, columns - TSimd.Count);
        }
    }

    private void Apply<TEpilogue>(TEpilogue* epilogue, float* c, int half, int lanes) where TEpilogue : unmanaged, IEpilogue
    {
        (Half, _lanes) = (half, lanes);
        TSimd.StorePart(epilogue->Apply<MemoryPlace<TSimd, V>, TSimd, V>(ref this, TSimd.LoadPart(c, lanes)), c, lanes);
    }

    private readonly int Column => column + Half * TSimd.Count;

    private readonly float* At(in MatrixOperand matrix) => (float*)((byte*)matrix.Data + row * matrix.StrideBytes) + Column;

    public readonly V Load(in RowOperand source) => TSimd.LoadPart(source.Data + Column, _lanes);

    public readonly V Load(in MatrixOperand source) => TSimd.LoadPart(At(source), _lanes);

    public readonly void Store(in MatrixOperand destination, V value) => TSimd.StorePart(value, At(destination), _lanes);

    public readonly V Broadcast(in float value) => TSimd.Create(value);

    public readonly V Broadcast(in uint value) => TSimd.CreateUInt32(value);

    public readonly V Broadcast(in ulong value) => TSimd.CreateUInt64(value);

    public readonly V Counters(in long countersPerRow)
    {
        ref var offsets = ref MemoryMarshal.GetReference(Philox.CounterOffsets(TSimd.Count)); // constant data: it does not move
        var first = row * countersPerRow + column / Philox.WordsPerCounter;
        return TSimd.AddInt64(TSimd.CreateUInt64((ulong)first), TSimd.Load((float*)Unsafe.AsPointer(ref offsets)));
    }
}
