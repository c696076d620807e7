using Multihead.Training.Batches;

namespace Multihead.Tests.Training.Batches;

public class BatchPlanTests
{
    private const int Budget = 300;
    private static readonly EncodedCorpus Corpus = Ragged(5_000);

    [Fact]
    public void EveryEpochHasEveryPairOnce()
    {
        var plan = new BatchPlan(Corpus, Budget, seed: 3);
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(Enumerable.Range(0, Corpus.Count), Batches(plan, epoch).SelectMany(batch => batch).Order());
    }

    [Fact]
    public void NoSideOfABatchIsAboveTheBudgetAndFewAreFarBelow()
    {
        var plan = new BatchPlan(Corpus, Budget, seed: 3);
        var fullness = 0.0;
        plan.Plan(1);
        for (var i = 0; i < plan.BatchCount; i++)
        {
            var (source, target) = (0, 0);
            foreach (var pair in plan[i])
            {
                source += Corpus.Source(pair).Length + 1;
                target += Corpus.Target(pair).Length + 1;
            }
            Assert.InRange(Math.Max(source, target), 1, Budget);
            fullness += Math.Max(source, target) / (double)Budget / plan.BatchCount;
        }
        Assert.InRange(fullness, 0.9, 1);
    }

    [Fact]
    public void APairAsLargeAsTheBudgetHasABatchAlone()
    {
        var corpus = new EncodedCorpus();
        corpus.Add(new int[19], new int[4]);
        corpus.Add(new int[4], new int[19]);
        corpus.Add(new int[1], new int[1]);
        Assert.Equal(3, Batches(new BatchPlan(corpus, 20, seed: 1), 0).Count);
    }

    [Fact]
    public void ThePlanIsAFunctionOfSeedAndEpoch()
    {
        var plan = new BatchPlan(Corpus, Budget, seed: 3);
        var (first, second) = (Batches(plan, 0), Batches(plan, 1));
        Assert.Equal(second, Batches(new BatchPlan(Corpus, Budget, seed: 3), 1)); // without the epoch before
        Assert.Equal(first, Batches(plan, 0));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, Batches(new BatchPlan(Corpus, Budget, seed: 4), 0));
    }

    // As targets, lengths are 1 to 40: in a batch of any pairs they would lie about 39 apart.
    [Fact]
    public void ABatchHasPairsOfLikeLength()
    {
        var apart = Batches(new BatchPlan(Corpus, Budget, seed: 3), 0).Select(batch =>
            batch.Max(pair => Corpus.Target(pair).Length) - batch.Min(pair => Corpus.Target(pair).Length));
        Assert.InRange(apart.Average(), 0, 2);
    }

    [Fact]
    public void ShortPairsDoNotComeBeforeLongOnes()
    {
        var batches = Batches(new BatchPlan(Corpus, Budget, seed: 3), 0);
        var lengths = batches.Select(batch => Corpus.Target(batch[0]).Length).ToArray();
        var half = lengths.Length / 2;
        Assert.InRange(lengths[..half].Average() / lengths[half..].Average(), 0.8, 1.25);
    }

    [Fact]
    public void PlanningAllocatesNothing()
    {
        var plan = new BatchPlan(Corpus, Budget, seed: 3);
        for (var epoch = 0; epoch < 10; epoch++) plan.Plan(epoch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var epoch = 10; epoch < 20; epoch++) plan.Plan(epoch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<int[]> Batches(BatchPlan plan, int epoch)
    {
        plan.Plan(epoch);
        return [.. Enumerable.Range(0, plan.BatchCount).Select(i => plan[i].ToArray())];
    }

    private static EncodedCorpus Ragged(int pairs)
    {
        var random = new Random(1);
        var corpus = new EncodedCorpus();
        for (var i = 0; i < pairs; i++)
        {
            var target = random.Next(1, 41);
            corpus.Add(new int[Math.Max(1, target + random.Next(-5, 6))], new int[target]);
        }
        return corpus;
    }
}
