using Iced.Intel;
using static Multihead.Kernels.Assembly.TraceOperation;

namespace Multihead.Kernels.Assembly;

/// <summary>The last operand of a vector instruction: a register, or else memory.</summary>
internal readonly record struct InstructionSource(Register Register, MemoryOperand Memory)
{
    private bool IsMemory => Register == Register.None;

    public Instruction Create(Code code, Register destination) => IsMemory
        ? Instruction.Create(code, destination, Memory)
        : Instruction.Create(code, destination, Register);

    public Instruction Create(Code code, Register destination, int immediate) => IsMemory
        ? Instruction.Create(code, destination, Memory, immediate)
        : Instruction.Create(code, destination, Register, immediate);

    public Instruction Create(Code code, Register destination, Register first) => IsMemory
        ? Instruction.Create(code, destination, first, Memory)
        : Instruction.Create(code, destination, first, Register);

    public Instruction Create(Code code, Register destination, Register first, int immediate) => IsMemory
        ? Instruction.Create(code, destination, first, Memory, immediate)
        : Instruction.Create(code, destination, first, Register, immediate);
}

/// <summary>The AVX-512 instructions of a trace's operations.</summary>
internal static class VectorInstructions
{
    /// <summary>The instruction, and how wide a number it can broadcast from memory.</summary>
    public static Code Of(TraceOperation operation, out int bits)
    {
        (var code, bits) = operation switch
        {
            Add => (Code.EVEX_Vaddps_zmm_k1z_zmm_zmmm512b32_er, 32),
            Subtract => (Code.EVEX_Vsubps_zmm_k1z_zmm_zmmm512b32_er, 32),
            Multiply => (Code.EVEX_Vmulps_zmm_k1z_zmm_zmmm512b32_er, 32),
            Divide => (Code.EVEX_Vdivps_zmm_k1z_zmm_zmmm512b32_er, 32),
            Sqrt => (Code.EVEX_Vsqrtps_zmm_k1z_zmmm512b32_er, 32),
            LessThan or LessThanOrEqual => (Code.EVEX_Vcmpps_kr_k1_zmm_zmmm512b32_imm8_sae, 32),
            LessThanUInt32 => (Code.EVEX_Vpcmpud_kr_k1_zmm_zmmm512b32_imm8, 32),
            AddInt32 => (Code.EVEX_Vpaddd_zmm_k1z_zmm_zmmm512b32, 32),
            ShiftLeftInt32 => (Code.EVEX_Vpslld_zmm_k1z_zmmm512b32_imm8, 32),
            Xor => (Code.EVEX_Vpxord_zmm_k1z_zmm_zmmm512b32, 32),
            AddInt64 => (Code.EVEX_Vpaddq_zmm_k1z_zmm_zmmm512b64, 64),
            ShiftLeftInt64 => (Code.EVEX_Vpsllq_zmm_k1z_zmmm512b64_imm8, 64),
            ShiftRightUInt64 => (Code.EVEX_Vpsrlq_zmm_k1z_zmmm512b64_imm8, 64),
            MultiplyLowHalves => (Code.EVEX_Vpmuludq_zmm_k1z_zmm_zmmm512b64, 64),
            FirstOfPairs => (Code.EVEX_Vpunpcklqdq_zmm_k1z_zmm_zmmm512b64, 64),
            SecondOfPairs => (Code.EVEX_Vpunpckhqdq_zmm_k1z_zmm_zmmm512b64, 64),
            _ => throw new NotSupportedException($"there is no instruction for {operation}"),
        };
        return code;
    }

    /// <summary>Whether the operands may be exchanged.</summary>
    public static bool Commutes(TraceOperation operation) =>
        operation is Add or Multiply or AddInt32 or Xor or AddInt64 or MultiplyLowHalves;

    /// <summary>The predicate of a comparison, of its operands exchanged, or of its opposite; a NaN on either side fulfils the
    /// opposite.</summary>
    public static int Predicate(TraceOperation comparison, bool swapped, bool negated) => (comparison, swapped, negated) switch
    {
        (LessThan, false, false) => 0x01,
        (LessThan, true, false) => 0x0E,
        (LessThan, false, true) => 0x05,
        (LessThan, true, true) => 0x0A,
        (LessThanOrEqual, false, false) => 0x02,
        (LessThanOrEqual, true, false) => 0x0D,
        (LessThanOrEqual, false, true) => 0x06,
        (LessThanOrEqual, true, true) => 0x09,
        (LessThanUInt32, false, false) => 1,
        (LessThanUInt32, true, false) => 6,
        (LessThanUInt32, false, true) => 5,
        (LessThanUInt32, true, true) => 2,
        _ => throw new NotSupportedException($"{comparison} is no comparison"),
    };

    /// <summary>How wide the number is that a step in memory puts into all lanes; 0 for a whole vector.</summary>
    public static int BroadcastBits(TraceOperation operation) => operation switch
    {
        Constant32 or Broadcast32 => 32,
        Constant64 or Broadcast64 => 64,
        _ => 0,
    };

    /// <summary>The instruction that brings the result of a step in memory into a register.</summary>
    public static Code LoadOf(TraceOperation operation) => BroadcastBits(operation) switch
    {
        32 => Code.EVEX_Vbroadcastss_zmm_k1z_xmmm32,
        64 => Code.EVEX_Vpbroadcastq_zmm_k1z_xmmm64,
        _ => Code.EVEX_Vmovups_zmm_k1z_zmmm512,
    };
}
