using Iced.Intel;
using static Multihead.Kernels.Assembly.TraceOperation;

namespace Multihead.Kernels.Assembly;

/// <summary>What the code of a trace reaches outside: the steps that a trace leaves open.</summary>
internal interface ITraceMemory
{
    /// <summary>Where the number of a broadcast stands.</summary>
    MemoryOperand Number(TraceStep step);

    /// <summary>Writes the code of a load.</summary>
    void Load(Assembler x, TraceStep step, Register destination);

    /// <summary>Writes the code of a store.</summary>
    void Store(Assembler x, TraceStep step, Register source);

    /// <summary>Writes the code that puts a computed number into all 64-bit lanes.</summary>
    void Scalar(Assembler x, TraceStep step, Register destination);
}

/// <summary>Makes AVX-512 instructions of a trace. Results stay in registers from their step to their last use; constants are read
/// from memory by the instructions that want them. Mask register k3 is overwritten.</summary>
internal sealed class TraceAssembler(Assembler x, Trace trace, TraceUses uses, TraceConstants constants, Register constantsAt,
    ITraceMemory memory)
{
    private const Code TernaryOfWords = Code.EVEX_Vpternlogd_zmm_k1z_zmm_zmmm512b32_imm8;
    private const Code TernaryOfPairs = Code.EVEX_Vpternlogq_zmm_k1z_zmm_zmmm512b64_imm8;

    // Truth tables: bit 4 a + 2 b + c of the table is the result.
    private const int ExclusiveOr = 0x96;
    private const int FirstWhereThird = 0xE4;

    private readonly Register[] _homes = new Register[trace.Steps.Count];
    private readonly List<Register> _loaded = []; // for the step at hand alone
    private Stack<Register> _free = new();
    private int _index;

    /// <summary>Writes the code once.</summary>
    /// <param name="inputs">What holds the inputs; their registers may be overwritten.</param>
    /// <param name="free">Further registers that may be overwritten.</param>
    public void Write(ReadOnlySpan<Register> inputs, IEnumerable<Register> free)
    {
        Array.Clear(_homes);
        _free = new Stack<Register>(free);
        for (_index = 0; _index < _homes.Length; _index++)
        {
            var step = trace.Steps[_index];
            if (!uses.IsWanted(_index) || uses.IsMemory(_index)) continue;
            _homes[_index] = step.Operation == Input ? inputs[(int)step.Value] : Instruct(step);
        }
    }

    /// <summary>Which register holds the result of a step after <see cref="Write"/>.</summary>
    public Register Result(int step) => _homes[step] == Register.None ? Load(step) : _homes[step];

    private Register Instruct(TraceStep step) => step.Operation switch
    {
        TraceOperation.Load => Outside(step, memory.Load),
        Scalar64 => Outside(step, memory.Scalar),
        Store => StoreOne(step),
        MultiplyAdd => Fused(step),
        Select => uses.IsComparison(step.A) ? Choose(step, trace.Steps[step.A]) : Blend(step),
        Xor when uses.Operands(_index) is [var a, var b, var c] => Ternary(TernaryOfWords, a, b, c, ExclusiveOr),
        Sqrt or ShiftLeftInt32 or ShiftLeftInt64 or ShiftRightUInt64 => Unary(step),
        _ => Binary(step),
    };

    private Register Outside(TraceStep step, Action<Assembler, TraceStep, Register> write)
    {
        var destination = _free.Pop();
        write(x, step, destination);
        return destination;
    }

    private Register StoreOne(TraceStep step)
    {
        memory.Store(x, step, InRegister(step.A));
        Release();
        return Register.None;
    }

    private Register Unary(TraceStep step)
    {
        var code = VectorInstructions.Of(step.Operation, out var bits);
        var source = Source(step.A, bits);
        Release();
        var destination = _free.Pop();
        if (step.Operation == Sqrt) Add(source.Create(code, destination));
        else Add(source.Create(code, destination, (int)step.Value));
        return destination;
    }

    private Register Binary(TraceStep step)
    {
        var code = VectorInstructions.Of(step.Operation, out var bits);
        var (a, b) = (step.A, step.B);
        if (uses.IsMemory(a) && VectorInstructions.Commutes(step.Operation)) (a, b) = (b, a);
        var first = InRegister(a);
        var second = Source(b, bits);
        Release();
        var destination = _free.Pop();
        Add(second.Create(code, destination, first));
        return destination;
    }

    // The instruction overwrites one of its operands: one that dies, or a copy.
    private Register Fused(TraceStep step)
    {
        var (a, b, c) = (step.A, step.B, step.C);
        if (!uses.Dies(a, _index) || uses.IsMemory(a)) (a, b) = (b, a);
        var sum = CanOverwrite(c) && !CanOverwrite(a);
        var destination = Overwritten(sum ? c : a);
        if (sum)
        {
            if (uses.IsMemory(a)) (a, b) = (b, a);
            Add(Source(b, 32).Create(Code.EVEX_Vfmadd231ps_zmm_k1z_zmm_zmmm512b32_er, destination, InRegister(a)));
        }
        else if (uses.IsMemory(b) && !uses.IsMemory(c))
            Add(Source(b, 32).Create(Code.EVEX_Vfmadd132ps_zmm_k1z_zmm_zmmm512b32_er, destination, InRegister(c)));
        else Add(Source(c, 32).Create(Code.EVEX_Vfmadd213ps_zmm_k1z_zmm_zmmm512b32_er, destination, InRegister(b)));
        Release(except: destination);
        return destination;
    }

    private Register Ternary(Code code, int a, int b, int c, int truth)
    {
        if (truth == ExclusiveOr && !CanOverwrite(a)) (a, b) = (b, a);
        var destination = Overwritten(a);
        var second = InRegister(b);
        Add(Source(c, code == TernaryOfWords ? 32 : 64).Create(code, destination, second, truth));
        Release(except: destination);
        return destination;
    }

    // A mask that is a constant.
    private Register Blend(TraceStep step) => trace.Steps[step.A].Operation switch
    {
        Constant32 => Ternary(TernaryOfWords, step.B, step.C, step.A, FirstWhereThird),
        Constant64 => Ternary(TernaryOfPairs, step.B, step.C, step.A, FirstWhereThird),
        _ => throw new NotSupportedException("a mask that is neither a comparison nor a constant"),
    };

    // A mask that is a comparison; where one side is zero, the mask makes it.
    private Register Choose(TraceStep step, TraceStep comparison)
    {
        var (whenSet, otherwise) = (step.B, step.C);
        var negated = IsZero(whenSet) || (!IsZero(otherwise) && uses.IsMemory(otherwise) && !uses.IsMemory(whenSet));
        if (negated) (whenSet, otherwise) = (otherwise, whenSet);
        Compare(comparison, negated);
        var zeroes = IsZero(otherwise);
        var second = zeroes ? new InstructionSource(InRegister(whenSet), default) : Source(whenSet, 32);
        var first = zeroes ? Register.None : InRegister(otherwise);
        Release();
        var destination = _free.Pop();
        var instruction = zeroes
            ? Instruction.Create(Code.EVEX_Vmovaps_zmm_k1z_zmmm512, destination, second.Register)
            : second.Create(Code.EVEX_Vblendmps_zmm_k1z_zmm_zmmm512b32, destination, first);
        instruction.OpMask = Register.K3;
        instruction.ZeroingMasking = zeroes;
        Add(instruction);
        return destination;
    }

    private void Compare(TraceStep comparison, bool negated)
    {
        var (a, b) = (comparison.A, comparison.B);
        var swapped = uses.IsMemory(a) && !uses.IsMemory(b);
        if (swapped) (a, b) = (b, a);
        var code = VectorInstructions.Of(comparison.Operation, out _);
        var first = InRegister(a);
        Add(Source(b, 32).Create(code, Register.K3, first,
            VectorInstructions.Predicate(comparison.Operation, swapped, negated)));
    }

    private bool IsZero(int step) => trace.Steps[step] is { Operation: Constant32, Value: 0 };

    private bool CanOverwrite(int step) => uses.IsMemory(step) || uses.Dies(step, _index);

    // A register with the operand that need not be kept.
    private Register Overwritten(int operand)
    {
        if (uses.IsMemory(operand)) return Load(operand);
        if (uses.Dies(operand, _index)) return _homes[operand];
        var copy = _free.Pop();
        Add(Instruction.Create(Code.EVEX_Vmovaps_zmm_k1z_zmmm512, copy, _homes[operand]));
        return copy;
    }

    private InstructionSource Source(int operand, int bits)
    {
        if (!uses.IsMemory(operand)) return new(_homes[operand], default);
        var step = trace.Steps[operand];
        var fits = step.Operation == Table || VectorInstructions.BroadcastBits(step.Operation) == bits;
        return fits ? new(Register.None, Memory(operand)) : new(InRegister(operand), default);
    }

    private Register InRegister(int operand)
    {
        if (!uses.IsMemory(operand)) return _homes[operand];
        var register = Load(operand);
        _loaded.Add(register);
        return register;
    }

    private Register Load(int operand)
    {
        var register = _free.Pop();
        var at = Memory(operand);
        Add(Instruction.Create(VectorInstructions.LoadOf(trace.Steps[operand].Operation), register,
            new MemoryOperand(at.Base, Register.None, 1, at.Displacement, 1, false, Register.None)));
        return register;
    }

    private MemoryOperand Memory(int operand) => trace.Steps[operand].Operation is Broadcast32 or Broadcast64
        ? memory.Number(trace.Steps[operand])
        : constants.At(operand, constantsAt);

    // Gives back what the step at hand was the last to want.
    private void Release(Register except = Register.None)
    {
        foreach (var operand in uses.Operands(_index).Distinct())
            if (!uses.IsMemory(operand) && uses.Dies(operand, _index) && _homes[operand] != except) _free.Push(_homes[operand]);
        foreach (var register in _loaded) _free.Push(register);
        _loaded.Clear();
    }

    private void Add(Instruction instruction) => x.AddInstruction(instruction);
}
