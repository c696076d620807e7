using Multihead.Kernels.Gemm;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Models.Configuration;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models.Contract;

/// <summary>Loss, logits and all gradients have the same bits on any number of threads.</summary>
public unsafe class ThreadCountTests
{
    private const int Vocabulary = 1000;
    private static readonly int[] ThreadCounts = [1, 2, 3, 7];

    // Wide enough that every kind of loop has a part for each of seven workers.
    private static readonly ModelConfig Config = ModelBench.Small(dim: 512, heads: 8, Vocabulary) with
    {
        EncoderLayerCount = 1,
        DecoderLayerCount = 1,
        Dropout = 0.1f,
        AttentionDropout = 0.1f,
        ActivationDropout = 0.1f,
    };

    private static readonly SentenceBatch Batch = SentenceBatch.Random(3, Vocabulary,
        (100, 60), (5, 70), (33, 1), (64, 65), (1, 20), (17, 17), (40, 41), (3, 9));

    [Theory]
    [InlineData(NormPlacement.Post, true)]
    [InlineData(NormPlacement.Pre, false)]
    public void LossAndGradientsHaveTheSameBits(NormPlacement placement, bool tied)
    {
        var config = Config with { NormPlacement = placement, TieEmbeddings = tied };
        float[]? expected = null;
        double? expectedLoss = null;
        foreach (var threads in ThreadCounts)
        {
            using var bench = new ModelBench(config, threads, learning: true);
            var loss = bench.Learn(Batch, dropoutSeed: 9).Loss;
            var gradients = new ReadOnlySpan<float>(bench.Store.Gradients, (int)bench.Store.FlatCount).ToArray();
            Assert.Equal(expectedLoss ??= loss, loss);
            Widths.AssertSameBits(expected ??= gradients, gradients);
        }
        Assert.DoesNotContain(expected!, float.IsNaN);
    }

    [Fact]
    public void LogitsHaveTheSameBits()
    {
        float[][]? expected = null;
        foreach (var threads in ThreadCounts)
        {
            using var bench = new ModelBench(Config, threads);
            var logits = bench.Logits(Batch);
            expected ??= logits;
            for (var i = 0; i < logits.Length; i++) Widths.AssertSameBits(expected[i], logits[i]);
        }
    }

    [Fact]
    public void EveryWorkerHasSomethingToDo()
    {
        var fewestRows = Math.Min(Batch.Sources.Ids.Length, Batch.Inputs.Ids.Length);
        var most = ThreadCounts.Max();
        Assert.InRange(FlatLoop.ChunkCount(fewestRows * Config.ModelDim), most, int.MaxValue);
        Assert.InRange(Config.ModelDim / ColumnLoop.PartWidth, most, int.MaxValue);
        Assert.InRange(Batch.Pairs.Count * Config.HeadCount, most, int.MaxValue);
        var part = PartShape.For(fewestRows, Config.ModelDim, Config.ModelDim, most);
        Assert.InRange(Panels.Count(fewestRows, part.Rows) * Panels.Count(Config.ModelDim, part.Columns), most, int.MaxValue);
    }
}
