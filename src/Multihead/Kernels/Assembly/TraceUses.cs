using static Multihead.Kernels.Assembly.TraceOperation;

namespace Multihead.Kernels.Assembly;

/// <summary>Which steps of a trace become instructions, and how long their results are wanted. A comparison has none of its own:
/// it is made where something is selected by it. Two exclusive ors in a row become one instruction.</summary>
internal sealed class TraceUses
{
    private readonly Trace _trace;
    private readonly int[] _uses; // by how many steps
    private readonly int[] _last; // the last step that wants the result; -1: none

    /// <param name="trace">The steps.</param>
    /// <param name="results">Steps whose results outlive the trace.</param>
    public TraceUses(Trace trace, params ReadOnlySpan<int> results)
    {
        _trace = trace;
        _uses = new int[trace.Steps.Count];
        _last = new int[trace.Steps.Count];
        Array.Fill(_last, -1);
        foreach (var step in trace.Steps)
            for (var i = 0; i < step.OperandCount; i++) _uses[Operand(step, i)]++;
        foreach (var result in results) _last[result] = trace.Steps.Count;
        for (var i = _last.Length - 1; i >= 0; i--)
            if (IsWanted(i))
                foreach (var operand in Operands(i)) _last[operand] = Math.Max(_last[operand], i);
    }

    /// <summary>Whether the step is to be done at all.</summary>
    public bool IsWanted(int step) => _last[step] >= 0 || _trace.Steps[step].Operation == Store;

    /// <summary>Whether nothing after <paramref name="step"/> wants the result of <paramref name="operand"/>.</summary>
    public bool Dies(int operand, int step) => _last[operand] == step;

    /// <summary>Steps that leave a result in a register.</summary>
    public int RegisterSteps => Enumerable.Range(0, _last.Length)
        .Count(i => IsWanted(i) && !IsMemory(i) && _trace.Steps[i].Operation is not (Input or Store));

    /// <summary>Whether the result stands in memory and needs no instruction.</summary>
    public bool IsMemory(int step) =>
        _trace.Steps[step].Operation is Constant32 or Constant64 or Table or Broadcast32 or Broadcast64;

    /// <summary>Whether the step is a comparison.</summary>
    public bool IsComparison(int step) => _trace.Steps[step].Operation is LessThan or LessThanOrEqual or LessThanUInt32;

    /// <summary>The steps whose results the instructions of a step read.</summary>
    public int[] Operands(int index)
    {
        var step = _trace.Steps[index];
        if (step.Operation == Select && IsComparison(step.A))
            return [_trace.Steps[step.A].A, _trace.Steps[step.A].B, step.B, step.C];
        if (step.Operation == Xor && IsSingleXor(step.A)) return [_trace.Steps[step.A].A, _trace.Steps[step.A].B, step.B];
        return [.. Enumerable.Range(0, step.OperandCount).Select(i => Operand(step, i))];
    }

    private bool IsSingleXor(int step) => _trace.Steps[step].Operation == Xor && _uses[step] == 1;

    private static int Operand(TraceStep step, int index) => index == 0 ? step.A : index == 1 ? step.B : step.C;
}
