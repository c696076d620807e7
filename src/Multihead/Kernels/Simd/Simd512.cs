using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Multihead.Kernels.Simd;

/// <summary>512-bit vectors: 16 floats.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Count => 16;
    public static Vector512<float> Zero => Vector512<float>.Zero;
    public static Vector512<float> Create(float value) => Vector512.Create(value);
    public static Vector512<float> Load(float* source) => Vector512.Load(source);
    public static void Store(Vector512<float> value, float* destination) => value.Store(destination);

    public static Vector512<float> LoadPart(float* source, int count)
    {
        if (count == 16) return Vector512.Load(source);
        return Avx512F.IsSupported ? Avx512F.MaskLoad(source, FirstLanes(count), Zero) : LoadSome(source, count);
    }

    public static void StorePart(Vector512<float> value, float* destination, int count)
    {
        if (count == 16) value.Store(destination);
        else if (Avx512F.IsSupported) Avx512F.MaskStore(destination, FirstLanes(count), value);
        else StoreSome(value, destination, count);
    }

    // Apart, because a vector whose address is taken lives in memory for the whole method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadSome(float* source, int count)
    {
        Vector512<float> padded = default;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)count * sizeof(float));
        return padded;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(Vector512<float> value, float* destination, int count) =>
        Unsafe.CopyBlockUnaligned(destination, &value, (uint)count * sizeof(float));

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;
    public static Vector512<float> Sqrt(Vector512<float> a) => Vector512.Sqrt(a);
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.Min(a, b);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);

    public static float Sum(Vector512<float> a) => Simd256.Sum(a.GetLower() + a.GetUpper());
    public static float MaxLane(Vector512<float> a) => Simd256.MaxLane(Vector256.Max(a.GetLower(), a.GetUpper()));

    public static Vector512<float> LessThan(Vector512<float> a, Vector512<float> b) => Vector512.LessThan(a, b);
    public static Vector512<float> LessThanOrEqual(Vector512<float> a, Vector512<float> b) => Vector512.LessThanOrEqual(a, b);

    public static Vector512<float> FirstLanes(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    public static Vector512<float> Select(Vector512<float> mask, Vector512<float> whenSet, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(mask, whenSet, otherwise);

    public static Vector512<float> AddInt32(Vector512<float> a, Vector512<float> b) => (a.AsInt32() + b.AsInt32()).AsSingle();

    public static Vector512<float> ShiftLeftInt32(Vector512<float> a, [ConstantExpected] int bits) =>
        (a.AsInt32() << bits).AsSingle();

    public static Vector512<float> CreateUInt32(uint value) => Vector512.Create(value).AsSingle();
    public static Vector512<float> CreateUInt64(ulong value) => Vector512.Create(value).AsSingle();

    public static Vector512<float> LessThanUInt32(Vector512<float> a, Vector512<float> b) =>
        Vector512.LessThan(a.AsUInt32(), b.AsUInt32()).AsSingle();

    public static Vector512<float> Xor(Vector512<float> a, Vector512<float> b) => a ^ b;
    public static Vector512<float> AddInt64(Vector512<float> a, Vector512<float> b) => (a.AsInt64() + b.AsInt64()).AsSingle();

    public static Vector512<float> ShiftLeftInt64(Vector512<float> a, [ConstantExpected] int bits) =>
        (a.AsInt64() << bits).AsSingle();

    public static Vector512<float> ShiftRightUInt64(Vector512<float> a, [ConstantExpected] int bits) =>
        (a.AsUInt64() >> bits).AsSingle();

    public static Vector512<float> MultiplyLowHalves(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle()
        : Vector512.Create(Simd256.MultiplyLowHalves(a.GetLower(), b.GetLower()),
            Simd256.MultiplyLowHalves(a.GetUpper(), b.GetUpper()));

    public static Vector512<float> FirstOfPairs(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector512.Create(Simd256.FirstOfPairs(a.GetLower(), b.GetLower()),
            Simd256.FirstOfPairs(a.GetUpper(), b.GetUpper()));

    public static Vector512<float> SecondOfPairs(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector512.Create(Simd256.SecondOfPairs(a.GetLower(), b.GetLower()),
            Simd256.SecondOfPairs(a.GetUpper(), b.GetUpper()));
}
