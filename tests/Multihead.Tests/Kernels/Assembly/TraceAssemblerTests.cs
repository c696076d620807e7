using Iced.Intel;
using Multihead.Kernels.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Tests.Kernels.Assembly;

/// <summary>The code of random traces gives what the vectors of .NET give, step by step.</summary>
public unsafe class TraceAssemblerTests
{
    // Memory of a function: two inputs, a broadcast of 32 bits, one of 64, two results.
    private const int Vector = 64, Number32 = 2 * Vector, Number64 = Number32 + 8, Results = 3 * Vector, Length = 5 * Vector;

    private static readonly float[] Floats = [0, -0f, 1, -1.5f, float.NaN, float.PositiveInfinity, 1e-40f, 3e38f, 0.7f];

    [Fact]
    public void FloatTracesAgree() => Agree(seed: 1, floats: true);

    [Fact]
    public void IntegerTracesAgree() => Agree(seed: 2, floats: false);

    [Fact]
    public void StepsRepeatedAreOneStep()
    {
        var trace = new Trace();
        var a = trace.Append(TraceOperation.Input);
        Assert.Equal(trace.Append(TraceOperation.Add, a, a), trace.Append(TraceOperation.Add, a, a));
        Assert.NotEqual(trace.Append(TraceOperation.Constant32, value: 1), trace.Append(TraceOperation.Constant64, value: 1));
    }

    [Fact]
    public void WhatNeedsMemoryOrSingleLanesCannotBeRecorded()
    {
        Assert.Throws<NotSupportedException>(() => TracingSimd.Load(null));
        Assert.Throws<NotSupportedException>(() => TracingSimd.FirstLanes(3));
        Assert.Throws<NotSupportedException>(() => TracingSimd.Sum(default));
    }

    private static void Agree(int seed, bool floats)
    {
        if (!ProcessorFeatures.Avx512 || !MachineCode.IsAllowed) Assert.Skip("no assembled code here");
        var random = new Random(seed);
        var traces = Enumerable.Range(0, TestScale.Rounds(300)).Select(_ => RandomTrace.Of(random, floats)).ToArray();
        // In small groups, since the memory of a group is counted by its functions.
        var functions = traces.Chunk(50).SelectMany(group => MachineCode.TryCompile([.. group.Select(Writer)])!).ToArray();
        var memory = new FloatBuffer(Length / sizeof(float), 0);
        for (var i = 0; i < traces.Length; i++)
        {
            foreach (ref var x in memory.Span)
                x = floats ? Floats[random.Next(Floats.Length)] : BitConverter.Int32BitsToSingle(random.Next());
            ((delegate* unmanaged<float*, void>)functions[i])(memory);
            var expected = RandomTrace.Evaluate(traces[i], memory);
            for (var half = 0; half < 2; half++)
                for (var lane = 0; lane < 16; lane++)
                {
                    var actual = memory[Results / sizeof(float) + 16 * half + lane];
                    var same = BitConverter.SingleToInt32Bits(actual) == BitConverter.SingleToInt32Bits(expected[half][lane])
                        || (floats && float.IsNaN(actual) && float.IsNaN(expected[half][lane]));
                    Assert.True(same, $"trace {i}, result {half}, lane {lane}:\n{string.Join('\n', traces[i].Steps)}");
                }
        }
        memory.Dispose();
    }

    private static Action<Assembler> Writer(Trace trace) => x =>
    {
        x.mov(r8, MachineCode.Argument);
        var label = x.CreateLabel();
        x.lea(r9, __qword_ptr[label]);
        x.vmovups(zmm16, __zmmword_ptr[r8]); // registers that no caller wants back
        x.vmovups(zmm17, __zmmword_ptr[r8 + Vector]);
        var (left, right) = RandomTrace.Results(trace);
        var constants = new TraceConstants(trace);
        var code = new TraceAssembler(x, trace, new TraceUses(trace, left, right), constants, Register.R9, new Outside());
        code.Write([Register.ZMM16, Register.ZMM17], Enumerable.Range((int)Register.ZMM18, 14).Select(r => (Register)r));
        x.vmovups(__zmmword_ptr[r8 + Results], new AssemblerRegisterZMM(code.Result(left)));
        x.vmovups(__zmmword_ptr[r8 + (Results + Vector)], new AssemblerRegisterZMM(code.Result(right)));
        x.vzeroupper();
        x.ret();
        x.Label(ref label);
        constants.Write(x);
    };

    private sealed class Outside : ITraceMemory
    {
        public MemoryOperand Number(TraceStep step) => new(Register.R8, Register.None, 1,
            step.Operation == TraceOperation.Broadcast32 ? Number32 : Number64, 1, true, Register.None);

        public void Load(Assembler x, TraceStep step, Register destination) => throw new NotSupportedException();

        public void Store(Assembler x, TraceStep step, Register source) => throw new NotSupportedException();

        public void Scalar(Assembler x, TraceStep step, Register destination) => throw new NotSupportedException();
    }
}
