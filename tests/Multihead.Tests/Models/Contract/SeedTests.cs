using Multihead.Tests.Kernels;
using Multihead.Training;

namespace Multihead.Tests.Models.Contract;

/// <summary>Learning repeats to the last bit.</summary>
public unsafe class SeedTests
{
    private const int Vocabulary = 57;

    [Fact]
    public void TwoRunsWithOneSeedEndInTheSameBits()
    {
        var first = Run(seed: 1, threads: 1);
        Widths.AssertSameBits(first, Run(seed: 1, threads: 1));
        Widths.AssertSameBits(first, Run(seed: 1, threads: 3));
        Assert.NotEqual(first, Run(seed: 2, threads: 1));
        Assert.DoesNotContain(first, float.IsNaN);
    }

    private static float[] Run(ulong seed, int threads)
    {
        var config = ModelBench.Small(dim: 40, heads: 2, Vocabulary) with { Dropout = 0.1f, AttentionDropout = 0.1f };
        using var bench = new ModelBench(config, threads, learning: true);
        var store = bench.Store;
        using var moments = new AdamMoments(store.FlatCount);
        store.Initialize(seed);
        for (var step = 1; step <= 10; step++)
        {
            bench.Learn(SentenceBatch.Random(step, Vocabulary, (9, 8), (30, 4), (2, 70)), dropoutSeed: seed * 1000 + (ulong)step);
            bench.Update(moments, step);
        }
        return new ReadOnlySpan<float>(store.Values, (int)store.FlatCount).ToArray();
    }
}
