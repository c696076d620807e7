using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.RandomNumbers;

/// <summary>Philox4x32-10: four random words for every counter, each computed by itself, so that any element of a sequence can
/// be had again at any time. Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. The
/// 128-bit counter is (index, stream), the 64-bit key the seed.</summary>
internal static unsafe class Philox
{
    public const int Rounds = 10;

    /// <summary>32-bit words that a counter gives.</summary>
    public const int WordsPerCounter = 4;

    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint KeyStep0 = 0x9E3779B9;
    private const uint KeyStep1 = 0xBB67AE85;

    /// <summary>Floats of scratch for <see cref="PrepareKeys{TSimd, V}"/>, at any width.</summary>
    public const int KeyFloats = (2 * Rounds + 1) * 16;

    /// <summary>The four words of one counter.</summary>
    public static (uint Word0, uint Word1, uint Word2, uint Word3) Block(ulong index, ulong stream, ulong seed)
    {
        uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++, k0 += KeyStep0, k1 += KeyStep1)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            (c0, c2) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)(product0 >> 32) ^ c3 ^ k1);
            (c1, c3) = ((uint)product1, (uint)product0);
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>The keys of the rounds, two each.</summary>
    [InlineArray(2 * Rounds)]
    public struct RoundKeys
    {
        private uint _first;

        public RoundKeys(ulong seed)
        {
            uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
            for (var round = 0; round < Rounds; round++, k0 += KeyStep0, k1 += KeyStep1)
                (this[2 * round], this[2 * round + 1]) = (k0, k1);
        }
    }

    /// <summary>Writes what <see cref="Words{TSimd, V}"/> reads: the keys of the rounds and the counters' offsets within two
    /// vectors, ordered so that the words come out in sequence.</summary>
    public static void PrepareKeys<TSimd, V>(float* keys, ulong seed) where TSimd : struct, ISimd<V> where V : struct
    {
        var roundKeys = new RoundKeys(seed);
        for (var i = 0; i < 2 * Rounds; i++) TSimd.Store(TSimd.CreateUInt32(roundKeys[i]), keys + i * TSimd.Count);
        CounterOffsets(TSimd.Count).CopyTo(new Span<ulong>(keys + 2 * Rounds * TSimd.Count, TSimd.Count / 2));
    }

    /// <summary>The offsets of the counters whose words two vectors of so many floats hold, in the order in which
    /// <see cref="Join{TSimd, V}"/> puts the words in sequence.</summary>
    public static ReadOnlySpan<ulong> CounterOffsets(int floats) => floats switch
    {
        16 => [0, 4, 1, 5, 2, 6, 3, 7],
        8 => [0, 2, 1, 3],
        _ => [0, 1],
    };

    /// <summary>Words 4 index .. 4 index + 2 Count - 1 of a stream (word 4 i + j is word j of counter i): two vectors of 32-bit
    /// lanes. A counter takes a 64-bit lane, whose low half holds a word and whose high half is left to chance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words<TSimd, V>(float* keys, ulong index, ulong stream, out V first, out V second)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var n = TSimd.Count;
        var c0 = TSimd.AddInt64(TSimd.CreateUInt64(index), TSimd.Load(keys + 2 * Rounds * n));
        V c1 = TSimd.ShiftRightUInt64(c0, 32), c2 = TSimd.CreateUInt64(stream), c3 = TSimd.CreateUInt64(stream >> 32);
        for (var round = 0; round < Rounds; round++, keys += 2 * n)
            Round<TSimd, V>(ref c0, ref c1, ref c2, ref c3, TSimd.Load(keys), TSimd.Load(keys + n));
        Join<TSimd, V>(c0, c1, c2, c3, out first, out second);
    }

    /// <summary>One round of the cipher on counters whose four words stand in the low halves of 64-bit lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Round<TSimd, V>(ref V c0, ref V c1, ref V c2, ref V c3, V key0, V key1)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var product0 = TSimd.MultiplyLowHalves(c0, TSimd.CreateUInt64(Multiplier0));
        var product1 = TSimd.MultiplyLowHalves(c2, TSimd.CreateUInt64(Multiplier1));
        c0 = TSimd.Xor(TSimd.Xor(TSimd.ShiftRightUInt64(product1, 32), c1), key0);
        c2 = TSimd.Xor(TSimd.Xor(TSimd.ShiftRightUInt64(product0, 32), c3), key1);
        c1 = product1;
        c3 = product0;
    }

    /// <summary>The words of counters <see cref="CounterOffsets"/>, in sequence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join<TSimd, V>(V c0, V c1, V c2, V c3, out V first, out V second)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var lowHalves = TSimd.CreateUInt64(uint.MaxValue);
        var pair01 = TSimd.Select(lowHalves, c0, TSimd.ShiftLeftInt64(c1, 32));
        var pair23 = TSimd.Select(lowHalves, c2, TSimd.ShiftLeftInt64(c3, 32));
        first = TSimd.FirstOfPairs(pair01, pair23);
        second = TSimd.SecondOfPairs(pair01, pair23);
    }
}
