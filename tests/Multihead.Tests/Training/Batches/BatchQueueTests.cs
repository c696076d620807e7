using Multihead.Training;
using Multihead.Training.Batches;

namespace Multihead.Tests.Training.Batches;

public class BatchQueueTests
{
    private static readonly TrainingOptions Options = new() { BatchTokens = 40, Seed = 5 };

    private static readonly EncodedCorpus Corpus =
        SequenceTask.Corpus(SequenceTask.Pairs(12, 100, seed: 1, SequenceTask.Reverse));

    [Fact]
    public void GivesThePlansBatchesEpochAfterEpoch()
    {
        using var queue = Open(skip: 0);
        Assert.Equal(Planned(3 * 25), Take(queue, 3 * 25, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(200)]
    public void BegunLaterItGoesOnWhereAnotherStopped(int skip)
    {
        using var queue = Open(skip);
        Assert.Equal(Planned(skip + 20)[skip..], Take(queue, 20, 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)] // more than are made ahead
    public void SeveralBatchesOfAStepAreThoseThatComeNext(int together)
    {
        using var queue = Open(skip: 0, together);
        Assert.Equal(Planned(4 * together), Take(queue, 4 * together, together));
    }

    [Fact]
    public void WhatTheTrainerReadsIsNotOverwrittenMeanwhile()
    {
        using var queue = Open(skip: 0);
        var batch = new Batch[1];
        queue.Next(batch);
        var before = batch[0].Sources.Ids.ToArray();
        Thread.Sleep(50); // the thread makes as many as it may
        Assert.Equal(before, batch[0].Sources.Ids);
    }

    [Fact]
    public void AFailureReachesTheOneWhoWaits()
    {
        var corpus = new EncodedCorpus();
        corpus.Add(new int[100], [2]); // larger than the budget, which the door of training does not let in
        using var queue = new BatchQueue(corpus, Options, TinyModel.Config(), 0);
        var failure = Assert.Throws<InvalidOperationException>(() => queue.Next(new Batch[1]));
        Assert.IsType<ArgumentException>(failure.InnerException, exactMatch: false);
    }

    [Fact]
    public void EndsWhileItWaitsForRoomOrSkips()
    {
        Open(skip: 0).Dispose();
        Open(skip: long.MaxValue).Dispose();
        var used = Open(skip: 0);
        used.Next(new Batch[1]);
        used.Dispose();
    }

    [Fact]
    public void NoPairsAreRefusedAtTheDoor() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchQueue(new EncodedCorpus(), Options, TinyModel.Config(), 0));

    private static BatchQueue Open(long skip, int together = 1) =>
        new(Corpus, Options with { AccumulatedBatches = together }, TinyModel.Config(), skip);

    private static string[] Take(BatchQueue queue, int count, int together)
    {
        var batches = new Batch[together];
        var taken = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (i % together == 0) queue.Next(batches);
            taken[i] = Text(batches[i % together]);
        }
        return taken;
    }

    private static string[] Planned(int count)
    {
        var plan = new BatchPlan(Corpus, Options.BatchTokens, Options.Seed);
        var batch = new Batch(Options.BatchTokens);
        List<string> texts = [];
        for (var epoch = 0; texts.Count < count; epoch++)
        {
            plan.Plan(epoch);
            for (var i = 0; i < plan.BatchCount; i++)
            {
                batch.Fill(Corpus, plan[i], TinyModel.Config());
                texts.Add(Text(batch));
            }
        }
        return [.. texts.Take(count)];
    }

    private static string Text(Batch batch) =>
        $"{string.Join(' ', batch.Sources.Ids.ToArray())} | {string.Join(' ', batch.Targets.ToArray())}";
}
