using Iced.Intel;

namespace Multihead.Kernels.Assembly;

/// <summary>The constants of a trace, which stand behind the code that uses them.</summary>
internal sealed class TraceConstants
{
    private readonly Trace _trace;
    private readonly int[] _offsets;

    public TraceConstants(Trace trace)
    {
        _trace = trace;
        _offsets = new int[trace.Steps.Count];
        var length = 0;
        for (var i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = length;
            length += Length(trace.Steps[i]);
        }
    }

    /// <summary>Where the constant of a step stands, seen from a register that holds the address of the first.</summary>
    public MemoryOperand At(int step, Register first) => new(first, Register.None, 1, _offsets[step], 1,
        _trace.Steps[step].Operation != TraceOperation.Table, Register.None);

    /// <summary>Writes them; the caller has put its label before.</summary>
    public void Write(Assembler x)
    {
        foreach (var step in _trace.Steps)
            switch (step.Operation)
            {
                case TraceOperation.Constant32: x.dd((uint)step.Value); break;
                case TraceOperation.Constant64: x.dq(step.Value); break;
                case TraceOperation.Table:
                    foreach (var lane in _trace.Tables[(int)step.Value]) x.dq(lane);
                    break;
            }
        x.nop(); // a label wants something behind it
    }

    private int Length(TraceStep step) => step.Operation switch
    {
        TraceOperation.Constant32 => sizeof(uint),
        TraceOperation.Constant64 => sizeof(ulong),
        TraceOperation.Table => _trace.Tables[(int)step.Value].Length * sizeof(ulong),
        _ => 0,
    };
}
