using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Simd;

/// <summary>128-bit vectors: 4 floats.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Count => 4;
    public static Vector128<float> Zero => Vector128<float>.Zero;
    public static Vector128<float> Create(float value) => Vector128.Create(value);
    public static Vector128<float> Load(float* source) => Vector128.Load(source);
    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    public static Vector128<float> LoadPart(float* source, int count) =>
        count == 4 ? Vector128.Load(source) : LoadSome(source, count);

    public static void StorePart(Vector128<float> value, float* destination, int count)
    {
        if (count == 4) value.Store(destination);
        else StoreSome(value, destination, count);
    }

    // Apart, because a vector whose address is taken lives in memory for the whole method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> LoadSome(float* source, int count)
    {
        Vector128<float> padded = default;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)count * sizeof(float));
        return padded;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(Vector128<float> value, float* destination, int count) =>
        Unsafe.CopyBlockUnaligned(destination, &value, (uint)count * sizeof(float));

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;
    public static Vector128<float> Sqrt(Vector128<float> a) => Vector128.Sqrt(a);
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.Min(a, b);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    public static float Sum(Vector128<float> a) => (a[0] + a[2]) + (a[1] + a[3]);
    public static float MaxLane(Vector128<float> a) => MathF.Max(MathF.Max(a[0], a[2]), MathF.Max(a[1], a[3]));

    public static Vector128<float> LessThan(Vector128<float> a, Vector128<float> b) => Vector128.LessThan(a, b);
    public static Vector128<float> LessThanOrEqual(Vector128<float> a, Vector128<float> b) => Vector128.LessThanOrEqual(a, b);

    public static Vector128<float> FirstLanes(int count) =>
        Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    public static Vector128<float> Select(Vector128<float> mask, Vector128<float> whenSet, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(mask, whenSet, otherwise);

    public static Vector128<float> AddInt32(Vector128<float> a, Vector128<float> b) => (a.AsInt32() + b.AsInt32()).AsSingle();

    public static Vector128<float> ShiftLeftInt32(Vector128<float> a, [ConstantExpected] int bits) =>
        (a.AsInt32() << bits).AsSingle();

    public static Vector128<float> CreateUInt32(uint value) => Vector128.Create(value).AsSingle();
    public static Vector128<float> CreateUInt64(ulong value) => Vector128.Create(value).AsSingle();

    public static Vector128<float> LessThanUInt32(Vector128<float> a, Vector128<float> b) =>
        Vector128.LessThan(a.AsUInt32(), b.AsUInt32()).AsSingle();

    public static Vector128<float> Xor(Vector128<float> a, Vector128<float> b) => a ^ b;
    public static Vector128<float> AddInt64(Vector128<float> a, Vector128<float> b) => (a.AsInt64() + b.AsInt64()).AsSingle();

    public static Vector128<float> ShiftLeftInt64(Vector128<float> a, [ConstantExpected] int bits) =>
        (a.AsInt64() << bits).AsSingle();

    public static Vector128<float> ShiftRightUInt64(Vector128<float> a, [ConstantExpected] int bits) =>
        (a.AsUInt64() >> bits).AsSingle();

    public static Vector128<float> MultiplyLowHalves(Vector128<float> a, Vector128<float> b)
    {
        if (Sse2.IsSupported) return Sse2.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle();
        if (AdvSimd.IsSupported)
        {
            var (lowA, lowB) = (AdvSimd.ExtractNarrowingLower(a.AsUInt64()), AdvSimd.ExtractNarrowingLower(b.AsUInt64()));
            return AdvSimd.MultiplyWideningLower(lowA, lowB).AsSingle();
        }
        var low = Vector128.Create((ulong)uint.MaxValue);
        return ((a.AsUInt64() & low) * (b.AsUInt64() & low)).AsSingle();
    }

    public static Vector128<float> FirstOfPairs(Vector128<float> a, Vector128<float> b) =>
        Vector128.Create(a.GetLower(), b.GetLower());

    public static Vector128<float> SecondOfPairs(Vector128<float> a, Vector128<float> b) =>
        Vector128.Create(a.GetUpper(), b.GetUpper());
}
