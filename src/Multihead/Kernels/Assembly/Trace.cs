namespace Multihead.Kernels.Assembly;

/// <summary>What a <see cref="TraceStep"/> computes.</summary>
internal enum TraceOperation
{
    // From outside; which one is told by Value.
    Input, Constant32, Constant64, Table,

    // Steps whose meaning belongs to whoever makes code of the trace.
    Load, Store, Broadcast32, Broadcast64, Scalar64,

    Add, Subtract, Multiply, Divide, Sqrt, MultiplyAdd,
    LessThan, LessThanOrEqual, LessThanUInt32, Select,
    AddInt32, ShiftLeftInt32, Xor, AddInt64, ShiftLeftInt64, ShiftRightUInt64, MultiplyLowHalves, FirstOfPairs, SecondOfPairs,
}

/// <summary>One step of a trace: an operation on the results of steps before it.</summary>
/// <param name="Operation">What to compute.</param>
/// <param name="A">The step of the first operand; 0 where there is none, as for the others.</param>
/// <param name="B">The step of the second operand.</param>
/// <param name="C">The step of the third operand.</param>
/// <param name="Value">A constant's bits, the bits to shift by, or what the operation says.</param>
internal readonly record struct TraceStep(TraceOperation Operation, int A, int B, int C, ulong Value)
{
    /// <summary>How many of the operands there are.</summary>
    public int OperandCount => Operation switch
    {
        < TraceOperation.Store or TraceOperation.Broadcast32 or TraceOperation.Broadcast64 or TraceOperation.Scalar64 => 0,
        TraceOperation.Store or TraceOperation.Sqrt or TraceOperation.ShiftLeftInt32 or TraceOperation.ShiftLeftInt64
            or TraceOperation.ShiftRightUInt64 => 1,
        TraceOperation.MultiplyAdd or TraceOperation.Select => 3,
        _ => 2,
    };
}

/// <summary>The record of a computation on vectors: straight-line code in which no step repeats another.</summary>
internal sealed class Trace
{
    private readonly List<TraceStep> _steps = [];
    private readonly List<ulong[]> _tables = [];
    private readonly Dictionary<TraceStep, int> _known = [];

    public IReadOnlyList<TraceStep> Steps => _steps;

    /// <summary>What <see cref="TraceOperation.Table"/> steps hold: vectors of 64-bit lanes.</summary>
    public IReadOnlyList<ulong[]> Tables => _tables;

    /// <summary>Appends a step, or finds the same one.</summary>
    public int Append(TraceOperation operation, int a = 0, int b = 0, int c = 0, ulong value = 0)
    {
        var step = new TraceStep(operation, a, b, c, value);
        if (_known.TryGetValue(step, out var index)) return index;
        _known.Add(step, _steps.Count);
        _steps.Add(step);
        return _steps.Count - 1;
    }

    /// <summary>A constant vector of eight 64-bit lanes.</summary>
    public int AppendTable(ReadOnlySpan<ulong> lanes)
    {
        _tables.Add(lanes.ToArray());
        return Append(TraceOperation.Table, value: (ulong)(_tables.Count - 1));
    }
}
