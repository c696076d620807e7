using Multihead.Kernels.Threading;
using Multihead.Training;

namespace Multihead.Tests.Models;

/// <summary>The hot loops make no garbage on any thread.</summary>
public class AllocationTests
{
    private const int Vocabulary = 301;
    private const int Steps = 20;

    [Fact]
    public void AStepOfLearningAllocatesNothing()
    {
        var config = ModelBench.Small(dim: 64, heads: 4, Vocabulary) with { Dropout = 0.1f, AttentionDropout = 0.1f };
        using var bench = new ModelBench(config, threads: 3, learning: true);
        using var moments = new AdamMoments(bench.Store.FlatCount);
        var batch = SentenceBatch.Random(3, Vocabulary, (130, 66), (20, 90), (1, 30), (64, 64));
        AssertNothingAllocated(step =>
        {
            bench.Learn(batch, dropoutSeed: (ulong)step);
            bench.Update(moments, step);
        });
    }

    [Fact]
    public void AStepOfWritingAllocatesNothing()
    {
        using var bench = new ModelBench(ModelBench.Small(dim: 64, heads: 4, Vocabulary), threads: 3);
        bench.Model.Pack(bench.Workspace.Team);
        var batch = SentenceBatch.Random(3, Vocabulary, (130, 1), (20, 1), (1, 1));
        bench.Workspace.BeginStep();
        using var cache = bench.Model.Prefill(bench.Workspace, batch.Sources, slotsPerSource: 2, capacity: 1000);
        int[] tokens = [1, 2, 3, 4, 5, 6], parents = [0, 2, 1, 1, 2, 0];
        cache.Reorder([0, 0, 1, 1, 2, 2]);
        AssertNothingAllocated(_ =>
        {
            bench.Workspace.BeginStep();
            bench.Model.DecodeStep(bench.Workspace, cache, tokens);
            cache.Reorder(parents);
        });
    }

    [Fact]
    public void GarbageOfAWorkerIsFound()
    {
        using var team = new ThreadTeam(3);
        var (caller, process) = Garbage(_ =>
        {
            Littering.Done = false;
            team.Run(new Littering { Caller = Environment.CurrentManagedThreadId }, 4);
        });
        Assert.Equal(0, caller);
        Assert.NotEqual(0, process);
    }

    private static void AssertNothingAllocated(Action<int> step) => Assert.Equal((0, 0), Garbage(step));

    // Bytes that the caller allocated in some steps, exactly, and the whole process, the workers in it. That also counts whatever
    // else happens to run: the least of several rounds, since what steps allocate they allocate in every one.
    private static (long Caller, long Process) Garbage(Action<int> step)
    {
        var number = 1;
        for (; number <= 5; number++) step(number); // takes its memory, and has its code compiled
        var (caller, fewest) = (0L, long.MaxValue);
        for (var round = 0; round < 10 && fewest > 0; round++)
        {
            var (process, thread) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < Steps; i++) step(number++);
            caller += GC.GetAllocatedBytesForCurrentThread() - thread;
            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - process);
        }
        return (caller, fewest);
    }

    // The caller waits until a worker has left something lying.
    private struct Littering : IParallelJob
    {
        public static volatile bool Done;
        public int Caller;

        public readonly void Run(int part)
        {
            if (Environment.CurrentManagedThreadId != Caller)
            {
                GC.KeepAlive(new byte[100]);
                Done = true;
            }
            while (!Done) Thread.Yield();
        }
    }
}
