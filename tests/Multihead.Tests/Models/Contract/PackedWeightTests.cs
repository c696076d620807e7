using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models.Contract;

/// <summary>Packing weights for running changes no bit.</summary>
public class PackedWeightTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PackedWeightsGiveTheBitsOfUnpackedOnes(bool tied)
    {
        var config = ModelBench.Small(dim: 40, heads: 2, vocabulary: 57) with { TieEmbeddings = tied };
        using var bench = new ModelBench(config, threads: 2);
        var batch = SentenceBatch.Random(3, 57, (5, 9), (70, 1), (1, 66));
        var plain = bench.Logits(batch);
        bench.Model.Pack(bench.Workspace.Team);
        var packed = bench.Logits(batch);
        for (var i = 0; i < plain.Length; i++) Widths.AssertSameBits(plain[i], packed[i]);
        // Every product, and no table that is only looked up.
        Assert.All(bench.Store.Weights, w => Assert.Equal(
            !w.Parts[0].IsVector && !w.Parts[0].Name.Contains("embed_tokens", StringComparison.Ordinal), w.Packed is not null));
    }
}
