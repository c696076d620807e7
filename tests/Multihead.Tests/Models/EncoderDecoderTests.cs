using Multihead.Models.Configuration;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models;

/// <summary>The model computes what its plain form computes, in every variant of its configuration.</summary>
public class EncoderDecoderTests
{
    // Logits are about 1 in size, and two layers deep in single precision.
    private const double Tolerance = 2e-5;

    public static TheoryData<NormPlacement, bool, string, Activation> Variants
    {
        get
        {
            var variants = new TheoryData<NormPlacement, bool, string, Activation>();
            foreach (var placement in new[] { NormPlacement.Post, NormPlacement.Pre })
                foreach (var tied in new[] { true, false })
                    foreach (var norm in new[] { "layer", "rms" })
                        foreach (var activation in Enum.GetValues<Activation>()) variants.Add(placement, tied, norm, activation);
            return variants;
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void LogitsAndLossAgreeWithThePlainForm(NormPlacement placement, bool tied, string norm, Activation activation)
    {
        var config = ModelBench.Small(dim: 12, heads: 3, vocabulary: 19) with
        {
            NormPlacement = placement,
            TieEmbeddings = tied,
            Norm = norm == "rms" ? new RmsNormConfig() : new LayerNormConfig(),
            Activation = activation,
            ScaleEmbeddings = activation != Activation.Silu,
            EncoderLayerCount = 3,
        };
        using var bench = new ModelBench(config, threads: 2);
        var batch = SentenceBatch.Random(3, 19, (5, 4), (1, 1), (9, 11));
        var plain = new PlainEncoderDecoder(config, bench.Weights());

        var logits = bench.Logits(batch).SelectMany(x => x).ToArray();
        var expected = plain.Logits(batch);
        Assert.True(expected.Data.Max() > 0.5, "logits too small to tell anything");
        Close.Assert(i => expected.Data[i], logits, Tolerance, Tolerance, "logits");

        foreach (var smoothing in new[] { 0, 0.1f })
        {
            bench.Workspace.BeginStep();
            var loss = bench.Model.Loss(bench.Workspace, batch.Sources, batch.Inputs, batch.Targets, smoothing, 1);
            var (smoothed, nll) = plain.Loss(batch, smoothing);
            Assert.Equal(16, loss.Tokens);
            Assert.Equal(smoothed, loss.Loss, 16 * Tolerance);
            Assert.Equal(nll, loss.NegativeLogLikelihood, 16 * Tolerance);
        }
    }

    [Fact]
    public void LearningComputesTheLossThatRunningComputes()
    {
        var config = ModelBench.Small(dim: 12, heads: 3, vocabulary: 19);
        using var bench = new ModelBench(config, learning: true);
        using var running = new ModelBench(config);
        var batch = SentenceBatch.Random(3, 19, (5, 4), (9, 11));
        running.Workspace.BeginStep();
        var loss = running.Model.Loss(running.Workspace, batch.Sources, batch.Inputs, batch.Targets, 0.1f, 1);
        Assert.Equal(loss, bench.Learn(batch));
    }

    [Fact]
    public void LaterTokensDoNotReachEarlierOnes()
    {
        using var bench = new ModelBench(ModelBench.Small(dim: 12, heads: 3, vocabulary: 19));
        var batch = SentenceBatch.Random(3, 19, (5, 12));
        var changed = batch.Pick(0);
        var before = bench.Logits(batch)[0];
        changed.Pairs[0].Input[7] = (changed.Pairs[0].Input[7] + 1) % 19;
        var after = bench.Logits(changed.Pick(0))[0];
        Widths.AssertSameBits(before.AsSpan(0, 7 * 19), after.AsSpan(0, 7 * 19));
        Assert.NotEqual(before[(7 * 19)..], after[(7 * 19)..]);
    }
}
