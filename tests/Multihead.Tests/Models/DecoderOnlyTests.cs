using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models;

/// <summary>The decoder-only model computes what its plain form computes, and learns by its gradient.</summary>
public class DecoderOnlyTests
{
    private const ulong DropoutSeed = 5;
    private const double Distance = 1e-5;

    [Fact]
    public void LogitsAgreeWithThePlainForm()
    {
        var config = DecoderOnlyBench.Small(dim: 12, heads: 3, vocabulary: 19);
        using var bench = new DecoderOnlyBench(config);
        var batch = TokenBatch.Random(3, 19, 7, 1, 70);
        var expected = new PlainDecoderOnly(config, bench.Weights()).Logits(batch);
        Assert.True(expected.Data.Max() > 0.5, "logits too small to tell anything");
        // Logits are about 1 in size, and two layers deep in single precision.
        Close.Assert(i => expected.Data[i], bench.Logits(batch), 2e-5, 2e-5, "logits");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.2f, 0.1f)]
    public void TheGradientAgreesWithFiniteDifferences(float dropout, float smoothing)
    {
        var config = DecoderOnlyBench.Small(dim: 6, heads: 2, vocabulary: 11, dropout);
        using var bench = new DecoderOnlyBench(config);
        var batch = TokenBatch.Random(3, 11, 4, 1, 5);
        var loss = bench.Learn(batch, smoothing, DropoutSeed);
        var (weights, gradients) = (bench.Weights(), bench.Gradients());
        var plain = new PlainDecoderOnly(config, weights);
        Assert.Equal(plain.Loss(batch, smoothing, DropoutSeed), loss, 1e-4);
        var largest = gradients.Values.Max(g => g.Data.Max(Math.Abs));
        foreach (var (name, gradient) in gradients)
        {
            var random = new Random(gradient.Rows);
            var greatest = Array.IndexOf(gradient.Data, gradient.Data.MaxBy(Math.Abs)); // a wrong sign would be seen there
            foreach (var i in Enumerable.Range(0, 4).Select(_ => random.Next(gradient.Data.Length)).Append(greatest))
            {
                var data = weights[name].Data;
                var kept = data[i];
                data[i] = kept + Distance;
                var above = plain.Loss(batch, smoothing, DropoutSeed);
                data[i] = kept - Distance;
                var expected = (above - plain.Loss(batch, smoothing, DropoutSeed)) / (2 * Distance * batch.Targets.Length);
                data[i] = kept;
                // Single precision through a model of two layers: a few roundings of the largest terms that are summed.
                Assert.True(Math.Abs(gradient.Data[i] - expected) <= 1e-4 * Math.Abs(expected) + 5e-6 * largest,
                    $"{name} at {i}: {gradient.Data[i]:R}, not {expected:R}");
            }
        }
    }

    [Fact]
    public void TheFirstLossIsThatOfGuessing()
    {
        const int vocabulary = 997;
        using var team = new ThreadTeam(2);
        using var workspace = new Workspace(team);
        using var model = new DecoderOnly(DecoderOnlyBench.Small(dim: 256, heads: 4, vocabulary), learning: false);
        model.Parameters.Initialize(1);
        var batch = TokenBatch.Random(3, vocabulary, 100, 100);
        workspace.BeginStep();
        var loss = model.Loss(workspace, batch.Inputs, batch.Targets, 0, 1).Loss / batch.Targets.Length;
        // A normalised row times a table of deviation dim^-0.5 gives logits of variance 1, whose normaliser is half of that above
        // ln V (the mean of exp over a normal). The input's own logit is larger, being in its row, and adds a few per cent.
        Assert.Equal(Math.Log(vocabulary) + 0.5, loss, 0.25);
    }

    [Fact]
    public void ASequenceAloneIsTheSameInABatchToTheBit()
    {
        using var bench = new DecoderOnlyBench(DecoderOnlyBench.Small(dim: 40, heads: 2, vocabulary: 57));
        var batch = TokenBatch.Random(3, 57, 70, 1, 130, 64);
        var all = bench.Logits(batch).AsSpan();
        for (var i = 0; i < batch.Lengths.Length; i++)
        {
            var alone = bench.Logits(batch.Pick(i));
            Widths.AssertSameBits(alone, all[..alone.Length]);
            all = all[alone.Length..];
        }
    }

    [Fact]
    public void LossAndGradientsHaveTheSameBitsOnAnyNumberOfThreads()
    {
        var config = DecoderOnlyBench.Small(dim: 160, heads: 5, vocabulary: 300, dropout: 0.1f);
        var batch = TokenBatch.Random(3, 300, 129, 20);
        using DecoderOnlyBench one = new(config, threads: 1), three = new(config, threads: 3);
        Assert.Equal(one.Learn(batch, dropoutSeed: DropoutSeed), three.Learn(batch, dropoutSeed: DropoutSeed));
        var (expected, actual) = (one.Gradients(), three.Gradients());
        foreach (var (name, gradient) in expected) Assert.Equal(gradient.Data, actual[name].Data);
    }

    [Fact]
    public void LaterTokensDoNotReachEarlierOnes()
    {
        using var bench = new DecoderOnlyBench(DecoderOnlyBench.Small(dim: 12, heads: 3, vocabulary: 19));
        var batch = TokenBatch.Random(3, 19, 12);
        var before = bench.Logits(batch);
        batch.Ids[7] = (batch.Ids[7] + 1) % 19;
        var after = bench.Logits(batch);
        Widths.AssertSameBits(before.AsSpan(0, 7 * 19), after.AsSpan(0, 7 * 19));
        Assert.NotEqual(before[(7 * 19)..], after[(7 * 19)..]);
    }

    [Fact]
    public void TheSmallestGptHasSoManyParameters()
    {
        // 50,257 tokens: GPT-2's 124,439,808.
        using var model = new DecoderOnly(DecoderOnlyPresets.GptSmall(50_257), learning: false);
        Assert.Equal(124_439_808, model.Parameters.ParameterCount);
    }

    [Fact]
    public void OperationsAreCountedWithWhatATokenMaySee()
    {
        var config = DecoderOnlyBench.Small(dim: 8, heads: 2, vocabulary: 10);
        // Two layers of 4 * 64 + 2 * 8 * 16 weights, and the table; sequences of 3 and 1 tokens see 6 + 1 keys.
        Assert.Equal(6 * (2 * 512 + 80) * 4 + 12 * 2 * 8 * 7, DecoderOnlyFlops.Training(config, [3, 1]));
    }
}
