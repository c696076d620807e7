using Iced.Intel;
using Multihead.Kernels.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Gemm;

/// <summary>Writes the end of a microkernel: an epilogue on the chains before they are stored. A short one is written out for
/// every row and works on the chains' own registers. A long one would not fit the instruction caches so often: its chains are
/// laid on the stack and a loop takes them from there row by row.</summary>
internal sealed class EpilogueAssembler : ITraceMemory
{
    private const int Vector = 64; // bytes
    private const int RowBytes = 2 * Vector;
    private const int LongestWrittenOut = 16; // steps for a row

    private const int FirstChain = (int)Register.ZMM0, FirstFree = (int)Register.ZMM24, Last = (int)Register.ZMM31;

    // The loop over the depth is over, and so are its registers; the last two belong to the caller on Windows, which has them saved.
    private static readonly AssemblerRegister64 Row = rax, ColumnBytes = rcx, Stride = rdx, Operands = r8, Constants = r9;
    private static readonly AssemblerRegister64 Address = r10, Other = r11;
    private static readonly AssemblerRegister64 C = rsi, Chains = rdi;

    private readonly Trace _trace;
    private readonly TraceUses _uses;
    private readonly TraceConstants _constants;
    private readonly (int Left, int Right) _results;
    private Label _constantsLabel;

    private EpilogueAssembler(Trace trace, (int Left, int Right) results)
    {
        (_trace, _results) = (trace, results);
        _uses = new TraceUses(trace, results.Left, results.Right);
        _constants = new TraceConstants(trace);
    }

    /// <summary>The assembler of a type of epilogue; it may write many functions, one after the other.</summary>
    public static EpilogueAssembler Of<TEpilogue>() where TEpilogue : unmanaged, IEpilogue =>
        new(TracingPlace.Record<TEpilogue>(out var results), results);

    /// <summary>Applies the epilogue to a tile and stores it. The chains of row i are in registers 2 i and 2 i + 1, masks of the
    /// columns in k1 and k2, the arguments' address in rdi, where it is at the end again.</summary>
    public void Write(Assembler x, int rows)
    {
        _constantsLabel = x.CreateLabel();
        x.mov(C, __qword_ptr[rdi + ProductArguments.CAt]);
        x.mov(Stride, __qword_ptr[rdi + ProductArguments.CStrideBytesAt]);
        x.mov(Operands, __qword_ptr[rdi + ProductArguments.EpilogueAt]);
        x.mov(Row, __qword_ptr[rdi + ProductArguments.FirstRowAt]);
        x.mov(ColumnBytes, __qword_ptr[rdi + ProductArguments.FirstColumnAt]);
        x.shl(ColumnBytes, 2);
        x.lea(Constants, __qword_ptr[_constantsLabel]);
        var code = new TraceAssembler(x, _trace, _uses, _constants, Register.R9, this);
        if (_uses.RegisterSteps <= LongestWrittenOut) WriteOut(x, code, rows);
        else Loop(x, code, rows);
    }

    /// <summary>Writes the constants, behind the end of the function.</summary>
    public void WriteConstants(Assembler x)
    {
        x.Label(ref _constantsLabel);
        _constants.Write(x);
    }

    private void WriteOut(Assembler x, TraceAssembler code, int rows)
    {
        for (var row = 0; row < rows; row++) DoRow(x, code, 2 * row, FirstFree);
    }

    private void Loop(Assembler x, TraceAssembler code, int rows)
    {
        x.push(rbp);
        x.push(rdi);
        x.mov(rbp, rsp);
        x.sub(rsp, rows * RowBytes);
        x.and(rsp, -Vector);
        for (var i = 0; i < 2 * rows; i++) x.vmovaps(__zmmword_ptr[rsp + i * Vector], Zmm(i));
        x.mov(Chains, rsp);
        var loop = x.CreateLabel();
        x.Label(ref loop);
        x.vmovaps(zmm0, __zmmword_ptr[Chains]);
        x.vmovaps(zmm1, __zmmword_ptr[Chains + Vector]);
        DoRow(x, code, 0, FirstChain + 2);
        x.add(Chains, RowBytes);
        x.lea(Address, __[rsp + rows * RowBytes]);
        x.cmp(Chains, Address);
        x.jb(loop);
        x.mov(rsp, rbp);
        x.pop(rdi);
        x.pop(rbp);
    }

    private void DoRow(Assembler x, TraceAssembler code, int chain, int firstFree)
    {
        code.Write([(Register)(FirstChain + chain), (Register)(FirstChain + chain + 1)],
            Enumerable.Range(firstFree, Last - firstFree + 1).Select(register => (Register)register));
        x.vmovups(__zmmword_ptr[C].k1, Zmm((int)code.Result(_results.Left) - FirstChain));
        x.vmovups(__zmmword_ptr[C + Vector].k2, Zmm((int)code.Result(_results.Right) - FirstChain));
        x.add(C, Stride);
        x.inc(Row);
    }

    MemoryOperand ITraceMemory.Number(TraceStep step) =>
        new(Register.R8, Register.None, 1, (long)step.Value, 1, true, Register.None);

    void ITraceMemory.Load(Assembler x, TraceStep step, Register destination)
    {
        var at = Locate(x, step, out var half);
        var register = Zmm((int)destination - FirstChain);
        if (half == 0) x.vmovups(register.k1.z, at);
        else x.vmovups(register.k2.z, at);
    }

    void ITraceMemory.Store(Assembler x, TraceStep step, Register source)
    {
        var at = Locate(x, step, out var half);
        x.vmovups(half == 0 ? at.k1 : at.k2, Zmm((int)source - FirstChain));
    }

    // The only scalar: the first counter of the row.
    void ITraceMemory.Scalar(Assembler x, TraceStep step, Register destination)
    {
        x.mov(Address, __qword_ptr[Operands + (long)step.Value]);
        x.imul(Address, Row);
        x.mov(Other, ColumnBytes);
        x.shr(Other, 4); // four columns have one counter
        x.add(Address, Other);
        x.vpbroadcastq(Zmm((int)destination - FirstChain), Address);
    }

    private static AssemblerMemoryOperand Locate(Assembler x, TraceStep step, out int half)
    {
        (var kind, half, var offset) = TracedOperand.Unpack(step.Value);
        x.mov(Address, __qword_ptr[Operands + offset]);
        if (kind == OperandKind.Matrix)
        {
            x.mov(Other, __qword_ptr[Operands + (offset + 8)]);
            x.imul(Other, Row);
            x.add(Address, Other);
        }
        return __zmmword_ptr[Address + ColumnBytes + half * Vector];
    }

    private static AssemblerRegisterZMM Zmm(int number) => new((Register)(FirstChain + number));
}
