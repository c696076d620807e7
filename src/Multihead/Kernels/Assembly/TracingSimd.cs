using System.Diagnostics.CodeAnalysis;
using Multihead.Kernels.Simd;
using static Multihead.Kernels.Assembly.TraceOperation;

namespace Multihead.Kernels.Assembly;

/// <summary>A vector that is not computed but recorded.</summary>
/// <param name="Step">The step of <see cref="TracingSimd.Current"/> that gives it.</param>
internal readonly record struct TracedVector(int Step);

/// <summary>Records what is asked of a 512-bit vector, so that a function over <see cref="ISimd{V}"/> can be made into assembled
/// code. Lanes are alike there: what needs some of them only, or memory, has no place in such a function.</summary>
internal readonly unsafe struct TracingSimd : ISimd<TracedVector>
{
    [ThreadStatic] private static Trace? t_current;

    /// <summary>Where this thread records.</summary>
    public static Trace Current
    {
        get => t_current ?? throw new InvalidOperationException("nothing is being recorded");
        set => t_current = value;
    }

    public static int Count => 16;
    public static TracedVector Zero => Create(0);
    public static TracedVector Create(float value) => CreateUInt32(BitConverter.SingleToUInt32Bits(value));
    public static TracedVector CreateUInt32(uint value) => Of(Constant32, value: value);
    public static TracedVector CreateUInt64(ulong value) => Of(Constant64, value: value);

    public static TracedVector Add(TracedVector a, TracedVector b) => Of(TraceOperation.Add, a, b);
    public static TracedVector Subtract(TracedVector a, TracedVector b) => Of(TraceOperation.Subtract, a, b);
    public static TracedVector Multiply(TracedVector a, TracedVector b) => Of(TraceOperation.Multiply, a, b);
    public static TracedVector Divide(TracedVector a, TracedVector b) => Of(TraceOperation.Divide, a, b);
    public static TracedVector Sqrt(TracedVector a) => Of(TraceOperation.Sqrt, a);

    public static TracedVector MultiplyAdd(TracedVector a, TracedVector b, TracedVector c) =>
        Of(TraceOperation.MultiplyAdd, a, b, c);

    public static TracedVector LessThan(TracedVector a, TracedVector b) => Of(TraceOperation.LessThan, a, b);
    public static TracedVector LessThanOrEqual(TracedVector a, TracedVector b) => Of(TraceOperation.LessThanOrEqual, a, b);
    public static TracedVector LessThanUInt32(TracedVector a, TracedVector b) => Of(TraceOperation.LessThanUInt32, a, b);

    public static TracedVector Select(TracedVector mask, TracedVector whenSet, TracedVector otherwise) =>
        mask == Zero ? otherwise : Of(TraceOperation.Select, mask, whenSet, otherwise);

    public static TracedVector AddInt32(TracedVector a, TracedVector b) => Of(TraceOperation.AddInt32, a, b);
    public static TracedVector ShiftLeftInt32(TracedVector a, [ConstantExpected] int bits) =>
        Of(TraceOperation.ShiftLeftInt32, a, bits);
    public static TracedVector Xor(TracedVector a, TracedVector b) => Of(TraceOperation.Xor, a, b);
    public static TracedVector AddInt64(TracedVector a, TracedVector b) => Of(TraceOperation.AddInt64, a, b);
    public static TracedVector ShiftLeftInt64(TracedVector a, [ConstantExpected] int bits) =>
        Of(TraceOperation.ShiftLeftInt64, a, bits);
    public static TracedVector ShiftRightUInt64(TracedVector a, [ConstantExpected] int bits) =>
        Of(TraceOperation.ShiftRightUInt64, a, bits);
    public static TracedVector MultiplyLowHalves(TracedVector a, TracedVector b) => Of(TraceOperation.MultiplyLowHalves, a, b);
    public static TracedVector FirstOfPairs(TracedVector a, TracedVector b) => Of(TraceOperation.FirstOfPairs, a, b);
    public static TracedVector SecondOfPairs(TracedVector a, TracedVector b) => Of(TraceOperation.SecondOfPairs, a, b);

    public static TracedVector Load(float* source) => throw new NotSupportedException();
    public static void Store(TracedVector value, float* destination) => throw new NotSupportedException();
    public static TracedVector LoadPart(float* source, int count) => throw new NotSupportedException();
    public static void StorePart(TracedVector value, float* destination, int count) => throw new NotSupportedException();
    public static TracedVector Max(TracedVector a, TracedVector b) => throw new NotSupportedException();
    public static TracedVector Min(TracedVector a, TracedVector b) => throw new NotSupportedException();
    public static float Sum(TracedVector a) => throw new NotSupportedException();
    public static float MaxLane(TracedVector a) => throw new NotSupportedException();
    public static TracedVector FirstLanes(int count) => throw new NotSupportedException();

    private static TracedVector Of(TraceOperation operation, TracedVector a = default, TracedVector b = default,
        TracedVector c = default, ulong value = 0) => new(Current.Append(operation, a.Step, b.Step, c.Step, value));

    private static TracedVector Of(TraceOperation operation, TracedVector a, int bits) =>
        Of(operation, a, value: (ulong)bits);
}
