using Multihead.Models.Configuration;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models.Contract;

/// <summary>What becomes of a sentence does not depend on the batch that it stands in.</summary>
public class LoneSentenceTests
{
    private const int Vocabulary = 57;

    private static readonly SentenceBatch Batch = SentenceBatch.Random(3, Vocabulary,
        (5, 4), (1, 1), (70, 3), (130, 131), (64, 64), (2, 129), (33, 17), (5, 9), (12, 30), (7, 5));

    [Theory]
    [InlineData(NormPlacement.Post)]
    [InlineData(NormPlacement.Pre)]
    public void ASentenceAloneIsTheSameInEveryBatch(NormPlacement placement)
    {
        using var bench = new ModelBench(Config(placement), threads: 2);
        var count = Batch.Pairs.Count;
        var memory = new float[count][];
        var logits = new float[count][];
        for (var i = 0; i < count; i++)
        {
            memory[i] = bench.Encode(Batch.Pick(i))[0];
            logits[i] = bench.Logits(Batch.Pick(i))[0];
        }
        AssertSame(Enumerable.Range(0, count));
        AssertSame(Enumerable.Range(0, count).Reverse());
        AssertSame([2, 0]); // beside a longer one
        AssertSame([3, 1, 5]);
        AssertSame([4, 4, 4]); // beside itself
        for (var seed = 0; seed < 10; seed++)
        {
            var order = Enumerable.Range(0, count).ToArray();
            new Random(seed).Shuffle(order);
            AssertSame(order[..(1 + seed)]);
        }

        void AssertSame(IEnumerable<int> order)
        {
            int[] picked = [.. order];
            var (batchMemory, batchLogits) = (bench.Encode(Batch.Pick(picked)), bench.Logits(Batch.Pick(picked)));
            for (var i = 0; i < picked.Length; i++)
            {
                Widths.AssertSameBits(memory[picked[i]], batchMemory[i]);
                Widths.AssertSameBits(logits[picked[i]], batchLogits[i]);
            }
        }
    }

    [Fact]
    public void ASentenceBesideBadNumbersIsTheSame()
    {
        using var bench = new ModelBench(Config(NormPlacement.Pre) with { TieEmbeddings = false }, threads: 2);
        var batch = SentenceBatch.Random(3, Vocabulary - 1, (70, 20), (30, 7)); // the last token is in neither
        var alone = bench.Logits(batch.Pick(1))[0];
        bench.Store.Weights.Single(w => w.Parts[0].Name.Contains("encoder.embed", StringComparison.Ordinal))
            .Tensor.Row(Vocabulary - 1).Fill(float.NaN);
        batch.Pairs[0].Source[3] = Vocabulary - 1;
        var both = bench.Logits(batch.Pick(0, 1));
        Assert.All(both[0], x => Assert.True(float.IsNaN(x)));
        Widths.AssertSameBits(alone, both[1]);
    }

    private static ModelConfig Config(NormPlacement placement) =>
        ModelBench.Small(dim: 40, heads: 2, Vocabulary) with { NormPlacement = placement };
}
