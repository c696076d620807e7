using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Threading;

public unsafe class ThreadTeamTests
{
    private readonly struct CountJob(int* counts, int failAt) : IParallelJob
    {
        public void Run(int part)
        {
            Interlocked.Increment(ref counts[part]);
            if (part == failAt) throw new InvalidOperationException("planted");
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public void EveryPartRunsExactlyOnce(int threads)
    {
        using var team = new ThreadTeam(threads);
        var counts = stackalloc int[300];
        for (var parts = 0; parts <= 300; parts++)
        {
            new Span<int>(counts, 300).Clear();
            team.Run(new CountJob(counts, -1), parts);
            for (var i = 0; i < 300; i++) Assert.Equal(i < parts ? 1 : 0, counts[i]);
        }
    }

    [Fact]
    public void ManyCallersShareOneTeam()
    {
        using var team = new ThreadTeam(3);
        var callers = Enumerable.Range(0, 24).Select(_ => new Thread(() =>
        {
            var counts = stackalloc int[64];
            for (var round = 1; round <= 200; round++)
            {
                team.Run(new CountJob(counts, -1), 64);
                for (var i = 0; i < 64; i++) if (counts[i] != round) throw new InvalidOperationException("a part was lost");
            }
        })).ToList();
        callers.ForEach(c => c.Start());
        callers.ForEach(c => c.Join());
    }

    [Fact]
    public void AFailingPartIsThrownToItsCallerAfterTheRestIsDone()
    {
        using var team = new ThreadTeam(2);
        var counts = stackalloc int[50];
        try
        {
            team.Run(new CountJob(counts, 7), 50);
            Assert.Fail("nothing was thrown");
        }
        catch (InvalidOperationException e) { Assert.Equal("planted", e.Message); }
        for (var i = 0; i < 50; i++) Assert.Equal(1, counts[i]);
    }

    [Fact]
    public void RunningAllocatesNothing()
    {
        using var team = new ThreadTeam(2);
        var counts = stackalloc int[8];
        for (var i = 0; i < 100; i++) team.Run(new CountJob(counts, -1), 8);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 1000; i++) team.Run(new CountJob(counts, -1), 8);
        Assert.Equal(before, GC.GetTotalAllocatedBytes(precise: true));
    }
}
