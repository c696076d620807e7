using System.Numerics;

namespace Multihead.Text.Tokenizers;

/// <summary>From a pair of neighbouring token ids to the rank of its merge (0 is done first), and from a rank to the id
/// that the pair becomes. Never changes once made; open addressing, at most half full.</summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that is not merged: later than all.</summary>
    public const int None = int.MaxValue;

    private const ulong Free = ulong.MaxValue;
    private readonly ulong[] _keys;
    private readonly int[] _ranks;
    private readonly int _shift;

    /// <param name="merges">In order of rank. Of a pair given twice the later rank holds, as in Hugging Face's loader.</param>
    public MergeTable(IReadOnlyList<Merge> merges)
    {
        Merges = [.. merges];
        var capacity = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 2L));
        _shift = 64 - BitOperations.Log2(capacity);
        _keys = new ulong[capacity];
        _ranks = new int[capacity];
        Array.Fill(_keys, Free);
        for (var rank = 0; rank < Merges.Length; rank++)
        {
            var key = Key(Merges[rank].Left, Merges[rank].Right);
            var slot = Slot(key);
            _keys[slot] = key;
            _ranks[slot] = rank;
        }
    }

    /// <summary>All merges by rank.</summary>
    public Merge[] Merges { get; }

    /// <summary>The rank of the pair's merge, or <see cref="None"/>.</summary>
    public int Rank(int left, int right)
    {
        var slot = Slot(Key(left, right));
        return _keys[slot] == Free ? None : _ranks[slot];
    }

    /// <summary>Where the key stands, or the free slot where it would.</summary>
    private int Slot(ulong key)
    {
        var slot = (int)((key * 0x9E3779B97F4A7C15) >> _shift);
        while (_keys[slot] != key && _keys[slot] != Free) slot = (slot + 1) & (_keys.Length - 1);
        return slot;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}

/// <summary>Two neighbouring tokens become one.</summary>
internal readonly record struct Merge(int Left, int Right, int Result);
