using Multihead.Tensors;

namespace Multihead.Tests.Tensors;

public sealed unsafe class ArenaTests : IDisposable
{
    private readonly Arena _arena = new();

    [Fact]
    public void WhatItHandsOutIsAlignedAndDoesNotOverlap()
    {
        var random = new Random(1);
        List<(nint Start, int Count)> taken = [];
        for (var i = 0; i < 500; i++)
        {
            var count = random.Next(20) == 0 ? random.Next(400_000) : random.Next(100);
            var start = i % 3 == 0 ? (nint)_arena.Take<byte>(count) : i % 3 == 1 ? (nint)_arena.Take<float>((count + 3) / 4)
                : (nint)_arena.Take<double>((count + 7) / 8);
            Assert.Equal(0, start % 64);
            new Span<byte>((void*)start, count).Fill((byte)i);
            taken.Add((start, count));
        }
        for (var i = 0; i < taken.Count; i++)
            Assert.False(new Span<byte>((void*)taken[i].Start, taken[i].Count).ContainsAnyExcept((byte)i), $"piece {i}");
    }

    [Fact]
    public void SeveralBlocksBecomeOneThatIsEnough()
    {
        Step();
        var afterOne = _arena.Capacity;
        Assert.True(afterOne >= 3 * 1_000_000 * sizeof(float));
        _arena.Reset();
        Assert.Equal(afterOne, _arena.Capacity);
        for (var step = 0; step < 3; step++)
        {
            // One block: what is taken one after the other stands one after the other.
            Assert.Equal(2 * 4_000_000L, Step());
            Assert.Equal(afterOne, _arena.Capacity);
            _arena.Reset();
        }

        // From the first of three to the last.
        long Step()
        {
            var first = _arena.Take<float>(1_000_000);
            _arena.Take<float>(1_000_000);
            return (byte*)_arena.Take<float>(1_000_000) - (byte*)first;
        }
    }

    [Fact]
    public void AResetArenaHandsOutTheSameMemory()
    {
        var first = (nint)_arena.Take<float>(1000);
        _arena.Take<float>(1000);
        _arena.Reset();
        Assert.Equal(first, (nint)_arena.Take<float>(1));
    }

    [Fact]
    public void ReleasingAMarkGivesBackWhatCameAfterIt()
    {
        var before = _arena.Take<float>(100);
        new Span<float>(before, 100).Fill(7);
        var mark = _arena.Mark();
        var first = (nint)_arena.Take<float>(100);
        for (var i = 0; i < 10; i++) _arena.Take<float>(1_000_000); // into further blocks
        var capacity = _arena.Capacity;
        _arena.Release(mark);
        Assert.Equal(first, (nint)_arena.Take<float>(100));
        for (var i = 0; i < 10; i++) _arena.Take<float>(1_000_000);
        Assert.Equal(capacity, _arena.Capacity);
        Assert.False(new Span<float>(before, 100).ContainsAnyExcept(7));
    }

    [Fact]
    public void TheMarkOfAnEmptyArenaIsItsBeginning()
    {
        var mark = _arena.Mark();
        var first = (nint)_arena.Take<int>(5);
        _arena.Release(mark);
        Assert.Equal(first, (nint)_arena.Take<int>(5));
    }

    [Fact]
    public void NothingMayBeTakenToo()
    {
        Assert.NotEqual(0, (nint)_arena.Take<float>(0));
        Assert.Throws<OverflowException>(() => (nint)_arena.Take<double>(long.MaxValue / 4));
    }

    [Fact]
    public void AFreedArenaMayBeUsedAgain()
    {
        _arena.Take<float>(10);
        _arena.Dispose();
        Assert.Equal(0, _arena.Capacity);
        _arena.Take<float>(10)[9] = 1;
        _arena.Reset();
        _arena.Take<float>(10)[9] = 1;
    }

    public void Dispose() => _arena.Dispose();
}
