using System.Runtime.CompilerServices;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>Which probabilities are dropped, made anew wherever they are needed: 16 random bits an element, whose place in the
/// <see cref="Philox"/> stream follows from the query row, the head and the key alone, at any vector width. The rate is
/// therefore rounded to 1/65536; what is kept is scaled by the exact inverse of the share kept, so that means are
/// preserved.</summary>
internal readonly unsafe struct AttentionDropout<TSimd, V> where TSimd : struct, ISimd<V> where V : struct
{
    /// <summary>Floats of scratch that an instance works on.</summary>
    public const int Scratch = Philox.KeyFloats + AttentionRows.Block;

    private const int Block = AttentionRows.Block;
    private const int WordsPerRow = Block / 2;
    private const int WordsPerCounter = 4;
    private const int CounterBits = 28; // of a row: (2^31 keys) / 64 * 8 counters

    private readonly ulong _stream;
    private readonly uint _threshold;
    private readonly float _scale;
    private readonly float* _keys;
    private readonly float* _factors;

    public AttentionDropout(in AttentionProblem problem, float* scratch)
    {
        var dropped = (uint)Math.Min(65535, Math.Round(problem.DropoutRate * 65536.0));
        _threshold = dropped << 16;
        _scale = (float)(65536.0 / (65536 - dropped));
        _stream = problem.DropoutKey.Stream;
        _keys = scratch;
        _factors = scratch + Philox.KeyFloats;
        if (IsOn) Philox.PrepareKeys<TSimd, V>(_keys, problem.DropoutKey.Seed);
    }

    public bool IsOn => _threshold > 0;

    /// <summary>The factors, 0 or 1 / (1 - rate), of one row for the 64 keys from <paramref name="key"/> on, a multiple of
    /// 64. They hold until the next call.</summary>
    /// <param name="row">Offset of the row and head in [queryRows, heads].</param>
    /// <param name="key">The block's first key.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float* Factors(nint row, int key)
    {
        var counter = ((ulong)row << CounterBits) + (ulong)(key / Block) * (WordsPerRow / WordsPerCounter);
        for (var word = 0; word < WordsPerRow; word += 2 * TSimd.Count)
        {
            Philox.Words<TSimd, V>(_keys, counter + (ulong)word / WordsPerCounter, _stream, out var first, out var second);
            Store(first, _factors + word);
            Store(second, _factors + word + TSimd.Count);
        }
        return _factors;
    }

    // A word's lower half decides on one key, its upper half on the key 32 places on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(V words, float* factors)
    {
        V threshold = TSimd.CreateUInt32(_threshold), scale = TSimd.Create(_scale);
        var lower = TSimd.ShiftLeftInt32(words, 16);
        TSimd.Store(TSimd.Select(TSimd.LessThanUInt32(lower, threshold), TSimd.Zero, scale), factors);
        TSimd.Store(TSimd.Select(TSimd.LessThanUInt32(words, threshold), TSimd.Zero, scale), factors + WordsPerRow);
    }
}
