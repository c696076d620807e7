using System.Runtime.CompilerServices;
using Multihead.Kernels.Assembly;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Kernels.Gemm;

/// <summary>The place of a vector of C while an epilogue is recorded. A step that reaches outside carries in its value where the
/// operand stands within the epilogue (the lower half), of which <see cref="OperandKind"/> it is, and which vector it belongs
/// to.</summary>
internal unsafe struct TracingPlace : IPlace<TracedVector>
{
    private readonly byte* _epilogue;
    private readonly int _length;

    private TracingPlace(byte* epilogue, int length)
    {
        _epilogue = epilogue;
        _length = length;
    }

    public int Half { get; private set; }

    public TracedVector Carried { get; set; }

    /// <summary>Records an epilogue over a row of a tile; <paramref name="results"/> are the steps of its two vectors.</summary>
    public static Trace Record<TEpilogue>(out (int Left, int Right) results) where TEpilogue : unmanaged, IEpilogue
    {
        var epilogue = default(TEpilogue);
        var trace = TracingSimd.Current = new Trace();
        var place = new TracingPlace((byte*)&epilogue, sizeof(TEpilogue));
        results.Left = place.Record(&epilogue, 0);
        results.Right = place.Record(&epilogue, 1);
        return trace;
    }

    private int Record<TEpilogue>(TEpilogue* epilogue, int half) where TEpilogue : unmanaged, IEpilogue
    {
        Half = half;
        var c = new TracedVector(TracingSimd.Current.Append(TraceOperation.Input, value: (ulong)half));
        return epilogue->Apply<TracingPlace, TracingSimd, TracedVector>(ref this, c).Step;
    }

    public readonly TracedVector Load(in RowOperand source) => Load(OperandKind.Row, OffsetOf(in source));

    public readonly TracedVector Load(in MatrixOperand source) => Load(OperandKind.Matrix, OffsetOf(in source));

    private readonly TracedVector Load(OperandKind kind, int offset) =>
        new(TracingSimd.Current.Append(TraceOperation.Load, value: new TracedOperand(kind, Half, offset).Packed));

    public readonly void Store(in MatrixOperand destination, TracedVector value) => TracingSimd.Current.Append(
        TraceOperation.Store, value.Step, value: new TracedOperand(OperandKind.Matrix, Half, OffsetOf(in destination)).Packed);

    public readonly TracedVector Broadcast(in float value) => Broadcast(TraceOperation.Broadcast32, OffsetOf(in value));

    public readonly TracedVector Broadcast(in uint value) => Broadcast(TraceOperation.Broadcast32, OffsetOf(in value));

    public readonly TracedVector Broadcast(in ulong value) => Broadcast(TraceOperation.Broadcast64, OffsetOf(in value));

    private static TracedVector Broadcast(TraceOperation operation, int offset) =>
        new(TracingSimd.Current.Append(operation, value: (ulong)offset));

    public readonly TracedVector Counters(in long countersPerRow)
    {
        var first = TracingSimd.Current.Append(TraceOperation.Scalar64, value: (ulong)OffsetOf(in countersPerRow));
        var offsets = TracingSimd.Current.AppendTable(Philox.CounterOffsets(TracingSimd.Count));
        return TracingSimd.AddInt64(new(first), new(offsets));
    }

    private readonly int OffsetOf<T>(in T operand)
    {
        var offset = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in operand)) - _epilogue;
        return offset >= 0 && offset + Unsafe.SizeOf<T>() <= _length
            ? (int)offset
            : throw new InvalidOperationException("an epilogue's operand is not its field, but a copy");
    }
}

/// <summary>The shape of an operand in memory.</summary>
internal enum OperandKind
{
    Row,
    Matrix,
}

/// <summary>An operand as a step of a trace names it.</summary>
/// <param name="Kind">Its shape.</param>
/// <param name="Half">Which vector of the row: 0 or 1.</param>
/// <param name="Offset">Bytes from the epilogue's beginning.</param>
internal readonly record struct TracedOperand(OperandKind Kind, int Half, int Offset)
{
    public ulong Packed => ((ulong)Kind << 33) | ((ulong)Half << 32) | (uint)Offset;

    public static TracedOperand Unpack(ulong value) => new((OperandKind)(value >> 33), (int)(value >> 32) & 1, (int)value);
}
