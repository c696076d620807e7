using System.Runtime.Intrinsics;
using Multihead.Kernels.Assembly;
using Multihead.Kernels.Simd;
using static Multihead.Kernels.Assembly.TraceOperation;

namespace Multihead.Tests.Kernels.Assembly;

/// <summary>Random traces of two inputs, and what they compute by <see cref="Simd512"/>.</summary>
internal static unsafe class RandomTrace
{
    private const int Number32 = 32, Number64 = 34; // floats from the inputs' beginning

    private static readonly TraceOperation[] FloatOperations = [Add, Subtract, Multiply, Divide, Sqrt, MultiplyAdd, MultiplyAdd, Select, Select];

    private static readonly TraceOperation[] IntegerOperations =
        [AddInt32, ShiftLeftInt32, Xor, Xor, AddInt64, ShiftLeftInt64, ShiftRightUInt64, MultiplyLowHalves, FirstOfPairs,
            SecondOfPairs, Select, Select];

    /// <summary>A trace; the lanes of integer ones are bits, those of float ones numbers.</summary>
    public static Trace Of(Random random, bool floats)
    {
        var trace = new Trace();
        List<int> values = [trace.Append(Input, value: 0), trace.Append(Input, value: 1), trace.Append(Broadcast32),
            trace.Append(Constant32, value: floats ? BitConverter.SingleToUInt32Bits(0.75f) : (uint)random.Next()),
            trace.Append(Constant32, value: 0)];
        if (!floats) values.AddRange([trace.Append(Broadcast64), trace.Append(Constant64, value: (ulong)random.NextInt64()),
            trace.AppendTable([1, 2, 3, 4, 5, 6, 7, ulong.MaxValue])]);
        for (var length = random.Next(1, 13); length > 0; length--)
        {
            var operations = floats ? FloatOperations : IntegerOperations;
            var operation = operations[random.Next(operations.Length)];
            int a = Any(), b = Any(), c = Any();
            if (operation == Select) a = Mask(a, b);
            var shift = operation is ShiftLeftInt32 or ShiftLeftInt64 or ShiftRightUInt64;
            values.Add(trace.Append(operation, a, b, c, shift ? (ulong)random.Next(1, 32) : 0));
        }
        // The results come last.
        trace.Append(floats ? Subtract : Xor, values[^1], Any());
        trace.Append(floats ? Multiply : AddInt64, values[^1], Any());
        return trace;

        // The newer values more often.
        int Any() => values[Math.Max(random.Next(values.Count), random.Next(values.Count))];

        int Mask(int a, int b) => floats ? trace.Append(random.Next(2) == 0 ? LessThan : LessThanOrEqual, a, b)
            : random.Next(3) == 0 ? trace.Append(Constant64, value: uint.MaxValue)
            : trace.Append(LessThanUInt32, a, b);
    }

    /// <summary>The steps that are results.</summary>
    public static (int Left, int Right) Results(Trace trace) => (trace.Steps.Count - 2, trace.Steps.Count - 1);

    /// <summary>The results, where <paramref name="memory"/> begins with the inputs.</summary>
    public static Vector512<float>[] Evaluate(Trace trace, float* memory)
    {
        var values = new Vector512<float>[trace.Steps.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Evaluate(trace, trace.Steps[i], values, memory);
        var (left, right) = Results(trace);
        return [values[left], values[right]];
    }

    private static Vector512<float> Evaluate(Trace trace, TraceStep step, Vector512<float>[] values, float* memory)
    {
        Vector512<float> a = values[step.A], b = values[step.B], c = values[step.C];
        return step.Operation switch
        {
            Input => Simd512.Load(memory + 16 * (int)step.Value),
            Constant32 => Simd512.CreateUInt32((uint)step.Value),
            Constant64 => Simd512.CreateUInt64(step.Value),
            Table => Vector512.Create<ulong>(trace.Tables[(int)step.Value]).AsSingle(),
            Broadcast32 => Simd512.Create(memory[Number32]),
            Broadcast64 => Simd512.CreateUInt64(*(ulong*)(memory + Number64)),
            Add => Simd512.Add(a, b),
            Subtract => Simd512.Subtract(a, b),
            Multiply => Simd512.Multiply(a, b),
            Divide => Simd512.Divide(a, b),
            Sqrt => Simd512.Sqrt(a),
            MultiplyAdd => Simd512.MultiplyAdd(a, b, c),
            LessThan => Simd512.LessThan(a, b),
            LessThanOrEqual => Simd512.LessThanOrEqual(a, b),
            LessThanUInt32 => Simd512.LessThanUInt32(a, b),
            Select => Simd512.Select(a, b, c),
            AddInt32 => Simd512.AddInt32(a, b),
            ShiftLeftInt32 => (a.AsInt32() << (int)step.Value).AsSingle(),
            Xor => Simd512.Xor(a, b),
            AddInt64 => Simd512.AddInt64(a, b),
            ShiftLeftInt64 => (a.AsInt64() << (int)step.Value).AsSingle(),
            ShiftRightUInt64 => (a.AsUInt64() >> (int)step.Value).AsSingle(),
            MultiplyLowHalves => Simd512.MultiplyLowHalves(a, b),
            FirstOfPairs => Simd512.FirstOfPairs(a, b),
            SecondOfPairs => Simd512.SecondOfPairs(a, b),
            _ => throw new NotSupportedException(),
        };
    }
}
