using System.Runtime.Intrinsics;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Simd;

public unsafe class SimdTests
{
    [Fact]
    public void The512BitOperationsAgreeWithScalars() => Check<Simd512, Vector512<float>>();

    [Fact]
    public void The256BitOperationsAgreeWithScalars() => Check<Simd256, Vector256<float>>();

    [Fact]
    public void The128BitOperationsAgreeWithScalars() => Check<Simd128, Vector128<float>>();

    private static void Check<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        CheckParts<TSimd, V>();
        CheckComparisons<TSimd, V>();
        CheckIntegers<TSimd, V>();
        CheckReductions<TSimd, V>();
    }

    private static void CheckParts<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        for (var count = 0; count <= TSimd.Count; count++)
        {
            using var source = new FloatBuffer(count);
            for (var i = 0; i < count; i++) source.Span[i] = i + 1;
            using var loaded = new FloatBuffer(TSimd.Count);
            TSimd.Store(TSimd.LoadPart(source, count), loaded);
            using var stored = new FloatBuffer(count); // its guards catch a store beyond count
            TSimd.StorePart(TSimd.Load(loaded), stored, count);
            using var mask = new FloatBuffer(TSimd.Count);
            TSimd.Store(TSimd.FirstLanes(count), mask);
            for (var i = 0; i < TSimd.Count; i++)
            {
                Assert.Equal(i < count ? i + 1 : 0, loaded[i]);
                Assert.Equal(i < count ? uint.MaxValue : 0, BitConverter.SingleToUInt32Bits(mask[i]));
            }
            Assert.Equal(source.ToArray(), stored.ToArray());
        }
    }

    private static void CheckComparisons<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        float[] values = [0, -0f, 1, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e-40f];
        foreach (var a in values)
        {
            foreach (var b in values)
            {
                V x = TSimd.Create(a), y = TSimd.Create(b);
                V yes = TSimd.Create(1), no = TSimd.Create(2);
                Assert.Equal(a < b ? 1 : 2, First<TSimd, V>(TSimd.Select(TSimd.LessThan(x, y), yes, no)));
                Assert.Equal(a <= b ? 1 : 2, First<TSimd, V>(TSimd.Select(TSimd.LessThanOrEqual(x, y), yes, no)));
                Assert.Equal(MathF.Max(a, b), First<TSimd, V>(TSimd.Max(x, y)));
                Assert.Equal(MathF.Min(a, b), First<TSimd, V>(TSimd.Min(x, y)));
            }
        }
    }

    private static void CheckIntegers<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        var random = new Random(1);
        for (var round = 0; round < 100; round++)
        {
            var a = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            var b = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            V x = TSimd.CreateUInt64(a), y = TSimd.CreateUInt64(b);
            AssertAll<TSimd, V>(a + b, TSimd.AddInt64(x, y));
            AssertAll<TSimd, V>(a ^ b, TSimd.Xor(x, y));
            AssertAll<TSimd, V>(a >> 32, TSimd.ShiftRightUInt64(x, 32));
            AssertAll<TSimd, V>(a << 32, TSimd.ShiftLeftInt64(x, 32));
            AssertAll<TSimd, V>((a & uint.MaxValue) * (b & uint.MaxValue), TSimd.MultiplyLowHalves(x, y));
            uint c = (uint)a, d = (uint)b;
            V small = TSimd.CreateUInt32(c), other = TSimd.CreateUInt32(d);
            AssertAll<TSimd, V>(Twice(c + d), TSimd.AddInt32(small, other));
            AssertAll<TSimd, V>(Twice(c << 23), TSimd.ShiftLeftInt32(small, 23));
            AssertAll<TSimd, V>(Twice(c < d ? uint.MaxValue : 0), TSimd.LessThanUInt32(small, other));
        }
    }

    private static void CheckReductions<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        using var ramp = new FloatBuffer(TSimd.Count);
        var longs = new Span<ulong>(ramp.Pointer, TSimd.Count / 2);
        for (var i = 0; i < longs.Length; i++) longs[i] = (ulong)i;
        V a = TSimd.Load(ramp), b = TSimd.Xor(a, TSimd.CreateUInt64(1ul << 40));
        var pairs = new ulong[TSimd.Count / 2];
        fixed (ulong* result = pairs)
        {
            TSimd.Store(TSimd.FirstOfPairs(a, b), (float*)result);
            for (var i = 0; i < pairs.Length; i++) Assert.Equal((ulong)(i - i % 2) + (i % 2 == 0 ? 0 : 1ul << 40), pairs[i]);
            TSimd.Store(TSimd.SecondOfPairs(a, b), (float*)result);
            for (var i = 0; i < pairs.Length; i++) Assert.Equal((ulong)(i - i % 2 + 1) + (i % 2 == 0 ? 0 : 1ul << 40), pairs[i]);
        }
        for (var i = 0; i < TSimd.Count; i++)
        {
            ramp.Span.Clear();
            ramp.Span[i] = 5;
            Assert.Equal(5, TSimd.Sum(TSimd.Load(ramp)));
            Assert.Equal(5, TSimd.MaxLane(TSimd.Load(ramp)));
            ramp.Span[i] = float.NaN;
            Assert.Equal(float.NaN, TSimd.MaxLane(TSimd.Load(ramp)));
        }
    }

    private static ulong Twice(uint value) => value | (ulong)value << 32;

    private static float First<TSimd, V>(V value) where TSimd : struct, ISimd<V> where V : struct
    {
        float first;
        TSimd.StorePart(value, &first, 1);
        return first;
    }

    private static void AssertAll<TSimd, V>(ulong expected, V actual) where TSimd : struct, ISimd<V> where V : struct
    {
        var lanes = new ulong[TSimd.Count / 2];
        fixed (ulong* pointer = lanes) TSimd.Store(actual, (float*)pointer);
        Assert.All(lanes, lane => Assert.Equal(expected, lane));
    }
}
