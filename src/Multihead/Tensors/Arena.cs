using System.Runtime.InteropServices;

namespace Multihead.Tensors;

/// <summary>Memory for one step: handed out by moving a pointer, given back all at once. After the first steps it is one block
/// that is used again and again: no garbage, no page faults, nothing for the user to dispose.</summary>
internal sealed unsafe class Arena : IDisposable
{
    private const nuint Alignment = 64;
    private const long FirstBlock = 1 << 20;

    private readonly List<Block> _blocks = [];
    private int _current = -1;
    private long _used;

    /// <summary>Bytes that are held, used or not.</summary>
    public long Capacity => _blocks.Sum(b => b.Bytes);

    /// <summary>Takes <paramref name="count"/> elements, 64-byte aligned, their content undefined.</summary>
    public T* Take<T>(long count) where T : unmanaged
    {
        var bytes = (checked(count * sizeof(T)) + (long)Alignment - 1) & ~((long)Alignment - 1);
        while (_current < 0 || _used + bytes > _blocks[_current].Bytes) NextBlock(bytes);
        var taken = _blocks[_current].Start + _used;
        _used += bytes;
        return (T*)taken;
    }

    /// <summary>Where the arena stands; <see cref="Release"/> goes back there.</summary>
    public ArenaMark Mark() => new(_current, _used);

    /// <summary>Gives back all that was taken since <paramref name="mark"/>.</summary>
    public void Release(ArenaMark mark) => (_current, _used) = (mark.Block, mark.Used);

    /// <summary>Gives back everything. When a step needed several blocks they become one, so that the next one doesn't.</summary>
    public void Reset()
    {
        if (_blocks.Count > 1)
        {
            var total = Capacity;
            Free();
            Add(total);
        }
        (_current, _used) = (_blocks.Count > 0 ? 0 : -1, 0);
    }

    /// <summary>Frees the memory; the arena may be used again.</summary>
    public void Dispose() => Free();

    private void NextBlock(long bytes)
    {
        if (_current + 1 == _blocks.Count) Add(Math.Max(bytes, Math.Max(FirstBlock, Capacity / 8)));
        _current++;
        _used = 0;
    }

    private void Add(long bytes) => _blocks.Add(new Block((byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment), bytes));

    private void Free()
    {
        foreach (var block in _blocks) NativeMemory.AlignedFree(block.Start);
        _blocks.Clear();
        (_current, _used) = (-1, 0);
    }

    private readonly struct Block(byte* start, long bytes)
    {
        public readonly byte* Start = start;
        public readonly long Bytes = bytes;
    }
}

/// <summary>A place in an <see cref="Arena"/>.</summary>
internal readonly record struct ArenaMark(int Block, long Used);
