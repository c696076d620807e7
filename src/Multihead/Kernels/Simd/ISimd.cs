using System.Diagnostics.CodeAnalysis;

namespace Multihead.Kernels.Simd;

/// <summary>What a kernel asks of a vector of floats, so that its loop is written once and specialised by the compiler for 512,
/// 256 and 128 bits. Values are the plain <c>Vector512/256/128&lt;float&gt;</c>; nothing is wrapped.</summary>
/// <typeparam name="V">Vector512, Vector256 or Vector128 of float.</typeparam>
internal unsafe interface ISimd<V> where V : struct
{
    /// <summary>Floats in a vector: 16, 8 or 4.</summary>
    static abstract int Count { get; }

    static abstract V Zero { get; }
    static abstract V Create(float value);
    static abstract V Load(float* source);
    static abstract void Store(V value, float* destination);

    /// <summary>Loads the first <paramref name="count"/> floats (0..Count); the other lanes are zero and are not touched in
    /// memory.</summary>
    static abstract V LoadPart(float* source, int count);

    /// <summary>Stores the first <paramref name="count"/> lanes (0..Count) and nothing beyond them.</summary>
    static abstract void StorePart(V value, float* destination, int count);

    static abstract V Add(V a, V b);
    static abstract V Subtract(V a, V b);
    static abstract V Multiply(V a, V b);
    static abstract V Divide(V a, V b);
    static abstract V Sqrt(V a);

    /// <summary>IEEE 754 maximum: a NaN in either operand gives NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>IEEE 754 minimum: a NaN in either operand gives NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary>a * b + c, fused wherever the processor can (one rounding), else with two roundings; the same choice as
    /// <see cref="float.MultiplyAddEstimate"/> in the same process.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>The sum of all lanes, combined as a tree that does not depend on the data.</summary>
    static abstract float Sum(V a);

    /// <summary>The largest lane; NaN if any lane is NaN.</summary>
    static abstract float MaxLane(V a);

    /// <summary>A mask, all bits of a lane set or none: a &lt; b. A NaN on either side gives none.</summary>
    static abstract V LessThan(V a, V b);

    /// <summary>A mask: a &lt;= b. A NaN on either side gives none.</summary>
    static abstract V LessThanOrEqual(V a, V b);

    /// <summary>A mask with the first <paramref name="count"/> lanes (0..Count) set.</summary>
    static abstract V FirstLanes(int count);

    /// <summary>Lane by lane <paramref name="whenSet"/> where the mask is set, else <paramref name="otherwise"/>.</summary>
    static abstract V Select(V mask, V whenSet, V otherwise);

    /// <summary>a + b of the lanes read as 32-bit integers, wrapping.</summary>
    static abstract V AddInt32(V a, V b);

    /// <summary>The lanes read as 32-bit integers, shifted left; <paramref name="bits"/> is a constant.</summary>
    static abstract V ShiftLeftInt32(V a, [ConstantExpected] int bits);

    /// <summary>All lanes, read as 32-bit integers, set to <paramref name="value"/>.</summary>
    static abstract V CreateUInt32(uint value);

    /// <summary>All lanes, read as 64-bit integers (Count / 2 of them), set to <paramref name="value"/>.</summary>
    static abstract V CreateUInt64(ulong value);

    /// <summary>A mask of 32-bit lanes: a &lt; b as unsigned integers.</summary>
    static abstract V LessThanUInt32(V a, V b);

    static abstract V Xor(V a, V b);

    /// <summary>a + b of the lanes read as 64-bit integers, wrapping.</summary>
    static abstract V AddInt64(V a, V b);

    /// <summary>The lanes read as 64-bit integers, shifted left; <paramref name="bits"/> is a constant.</summary>
    static abstract V ShiftLeftInt64(V a, [ConstantExpected] int bits);

    /// <summary>The lanes read as unsigned 64-bit integers, shifted right; <paramref name="bits"/> is a constant.</summary>
    static abstract V ShiftRightUInt64(V a, [ConstantExpected] int bits);

    /// <summary>In every 64-bit lane the whole product of the low 32 bits of a and of b; the high 32 bits are ignored.</summary>
    static abstract V MultiplyLowHalves(V a, V b);

    /// <summary>64-bit lanes a0 b0 a2 b2 ...: of every pair the first.</summary>
    static abstract V FirstOfPairs(V a, V b);

    /// <summary>64-bit lanes a1 b1 a3 b3 ...: of every pair the second.</summary>
    static abstract V SecondOfPairs(V a, V b);
}
