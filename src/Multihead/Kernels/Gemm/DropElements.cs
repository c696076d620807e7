using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>Which elements of C are dropped, and what becomes of the others.</summary>
internal interface IDropout
{
    /// <summary>A mask of the elements that are dropped; asked for once at each place.</summary>
    V Dropped<TPlace, TSimd, V>(ref TPlace at)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct;

    /// <summary>What the elements are that are kept.</summary>
    V Scaled<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>Nothing is dropped.</summary>
internal readonly struct KeepAll : IDropout
{
    public V Dropped<TPlace, TSimd, V>(ref TPlace at)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct => TSimd.Zero;

    public V Scaled<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct => c;
}

/// <summary>Dropout of C as <see cref="Dropout"/> does it: element (i, j) takes word i * width + j of the key's
/// <see cref="Philox"/> stream, where width is the number of columns or, if four don't divide it, the next number that they do
/// divide. Where they do, it is the pattern of <see cref="Dropout"/> over the same elements in flat memory.</summary>
/// <param name="rate">The share that is dropped, 0 to below 1.</param>
/// <param name="key">The pattern.</param>
/// <param name="columns">Of C.</param>
internal readonly struct DropElements(float rate, DropoutKey key, int columns) : IDropout, IEpilogue
{
    private readonly float _scale = Dropout.Scale(rate);
    private readonly uint _threshold = Dropout.Threshold(rate);
    private readonly ulong _stream = key.Stream;
    private readonly long _countersPerRow = (columns + Philox.WordsPerCounter - 1) / Philox.WordsPerCounter;
    private readonly Philox.RoundKeys _keys = new(key.Seed);

    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct
    {
        var dropped = Dropped<TPlace, TSimd, V>(ref at);
        return TSimd.Select(dropped, TSimd.Zero, Scaled<TPlace, TSimd, V>(ref at, c));
    }

    public V Dropped<TPlace, TSimd, V>(ref TPlace at)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct
    {
        var words = at.Carried;
        if (at.Half == 0)
        {
            Words<TPlace, TSimd, V>(ref at, out words, out var second);
            at.Carried = second;
        }
        return TSimd.LessThanUInt32(words, at.Broadcast(in _threshold));
    }

    public V Scaled<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.Multiply(c, at.Broadcast(in _scale));

    private void Words<TPlace, TSimd, V>(ref TPlace at, out V first, out V second)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct
    {
        V c0 = at.Counters(in _countersPerRow), c2 = at.Broadcast(in _stream);
        V c1 = TSimd.ShiftRightUInt64(c0, 32), c3 = TSimd.ShiftRightUInt64(c2, 32);
        for (var round = 0; round < Philox.Rounds; round++)
        {
            V key0 = at.Broadcast(in _keys[2 * round]), key1 = at.Broadcast(in _keys[2 * round + 1]);
            Philox.Round<TSimd, V>(ref c0, ref c1, ref c2, ref c3, key0, key1);
        }
        Philox.Join<TSimd, V>(c0, c1, c2, c3, out first, out second);
    }
}
