using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Simd;

/// <summary>256-bit vectors: 8 floats.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Count => 8;
    public static Vector256<float> Zero => Vector256<float>.Zero;
    public static Vector256<float> Create(float value) => Vector256.Create(value);
    public static Vector256<float> Load(float* source) => Vector256.Load(source);
    public static void Store(Vector256<float> value, float* destination) => value.Store(destination);

    public static Vector256<float> LoadPart(float* source, int count) =>
        count == 8 ? Vector256.Load(source) : LoadSome(source, count);

    public static void StorePart(Vector256<float> value, float* destination, int count)
    {
        if (count == 8) value.Store(destination);
        else StoreSome(value, destination, count);
    }

    // Apart, because a vector whose address is taken lives in memory for the whole method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> LoadSome(float* source, int count)
    {
        Vector256<float> padded = default;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)count * sizeof(float));
        return padded;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(Vector256<float> value, float* destination, int count) =>
        Unsafe.CopyBlockUnaligned(destination, &value, (uint)count * sizeof(float));

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;
    public static Vector256<float> Sqrt(Vector256<float> a) => Vector256.Sqrt(a);
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.Min(a, b);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);

    public static float Sum(Vector256<float> a) => Simd128.Sum(a.GetLower() + a.GetUpper());
    public static float MaxLane(Vector256<float> a) => Simd128.MaxLane(Vector128.Max(a.GetLower(), a.GetUpper()));

    public static Vector256<float> LessThan(Vector256<float> a, Vector256<float> b) => Vector256.LessThan(a, b);
    public static Vector256<float> LessThanOrEqual(Vector256<float> a, Vector256<float> b) => Vector256.LessThanOrEqual(a, b);

    public static Vector256<float> FirstLanes(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    public static Vector256<float> Select(Vector256<float> mask, Vector256<float> whenSet, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(mask, whenSet, otherwise);

    public static Vector256<float> AddInt32(Vector256<float> a, Vector256<float> b) => (a.AsInt32() + b.AsInt32()).AsSingle();

    public static Vector256<float> ShiftLeftInt32(Vector256<float> a, [ConstantExpected] int bits) =>
        (a.AsInt32() << bits).AsSingle();

    public static Vector256<float> CreateUInt32(uint value) => Vector256.Create(value).AsSingle();
    public static Vector256<float> CreateUInt64(ulong value) => Vector256.Create(value).AsSingle();

    public static Vector256<float> LessThanUInt32(Vector256<float> a, Vector256<float> b) =>
        Vector256.LessThan(a.AsUInt32(), b.AsUInt32()).AsSingle();

    public static Vector256<float> Xor(Vector256<float> a, Vector256<float> b) => a ^ b;
    public static Vector256<float> AddInt64(Vector256<float> a, Vector256<float> b) => (a.AsInt64() + b.AsInt64()).AsSingle();

    public static Vector256<float> ShiftLeftInt64(Vector256<float> a, [ConstantExpected] int bits) =>
        (a.AsInt64() << bits).AsSingle();

    public static Vector256<float> ShiftRightUInt64(Vector256<float> a, [ConstantExpected] int bits) =>
        (a.AsUInt64() >> bits).AsSingle();

    public static Vector256<float> MultiplyLowHalves(Vector256<float> a, Vector256<float> b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle()
        : Vector256.Create(Simd128.MultiplyLowHalves(a.GetLower(), b.GetLower()),
            Simd128.MultiplyLowHalves(a.GetUpper(), b.GetUpper()));

    public static Vector256<float> FirstOfPairs(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector256.Create(Simd128.FirstOfPairs(a.GetLower(), b.GetLower()),
            Simd128.FirstOfPairs(a.GetUpper(), b.GetUpper()));

    public static Vector256<float> SecondOfPairs(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector256.Create(Simd128.SecondOfPairs(a.GetLower(), b.GetLower()),
            Simd128.SecondOfPairs(a.GetUpper(), b.GetUpper()));
}
