using Multihead.Models;
using Multihead.Models.Architectures;
using Multihead.Models.Configuration;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models;

/// <summary>Every decoder-only architecture computes what its plain form computes, learns by its gradient, runs from a cache with
/// the same bits, and says its configuration in Hugging Face's keys.</summary>
public class DecoderOnlyArchitectureTests
{
    private const double Distance = 1e-5;

    public static TheoryData<string> Presets => new(DecoderOnlyPresets.Names.Where(n => n.EndsWith("-tiny", StringComparison.Ordinal)));

    [Fact]
    public void EveryArchitectureHasATinyPreset() =>
        Assert.Equal(Architecture.All.Select(a => a.Kind).Order(), Presets.Select(row => Tiny(row.Data).Architecture).Order());

    [Theory, MemberData(nameof(Presets))]
    public void LogitsAgreeWithThePlainForm(string preset)
    {
        var config = Tiny(preset);
        using var bench = new DecoderOnlyBench(config);
        var batch = TokenBatch.Random(3, config.VocabularySize, 7, 1, 45);
        var expected = new PlainDecoderOnly(config, bench.Weights()).Logits(batch);
        Assert.True(expected.Data.Max() > 0.5, "logits too small to tell anything");
        // Logits are about 1 in size, and two layers deep in single precision.
        Close.Assert(i => expected.Data[i], bench.Logits(batch), 3e-5, 3e-5, "logits");
    }

    [Theory, MemberData(nameof(Presets))]
    public void TheGradientAgreesWithFiniteDifferences(string preset)
    {
        // The output cap is for running alone.
        var config = Tiny(preset) with { OutputLogitCap = 0, Dropout = 0.1f, AttentionDropout = 0.1f, ActivationDropout = 0.1f };
        using var bench = new DecoderOnlyBench(config);
        var batch = TokenBatch.Random(3, config.VocabularySize, 4, 1, 9);
        var loss = bench.Learn(batch, 0.1f, dropoutSeed: 5);
        var (weights, gradients) = (bench.Weights(), bench.Gradients());
        var plain = new PlainDecoderOnly(config, weights);
        Assert.Equal(plain.Loss(batch, 0.1f, 5), loss, 2e-4);
        var largest = gradients.Values.Max(g => g.Data.Max(Math.Abs));
        foreach (var (name, gradient) in gradients)
        {
            var greatest = Array.IndexOf(gradient.Data, gradient.Data.MaxBy(Math.Abs)); // a wrong sign would be seen there
            foreach (var i in new[] { new Random(gradient.Rows).Next(gradient.Data.Length), greatest })
            {
                var data = weights[name].Data;
                var kept = data[i];
                data[i] = kept + Distance;
                var above = plain.Loss(batch, 0.1f, 5);
                data[i] = kept - Distance;
                var expected = (above - plain.Loss(batch, 0.1f, 5)) / (2 * Distance * batch.Targets.Length);
                data[i] = kept;
                // Single precision through a model of two layers: a few roundings of the largest terms that are summed.
                Assert.True(Math.Abs(gradient.Data[i] - expected) <= 2e-4 * Math.Abs(expected) + 1e-5 * largest,
                    $"{name} at {i}: {gradient.Data[i]:R}, not {expected:R}");
            }
        }
    }

    [Theory, MemberData(nameof(Presets))]
    public void CachedTokensHaveTheBitsOfWholeSequences(string preset)
    {
        var config = Tiny(preset);
        using var bench = new DecoderOnlyBench(config);
        var batch = TokenBatch.Random(3, config.VocabularySize, 70);
        var whole = bench.Logits(batch).AsSpan();
        Widths.AssertSameBits(whole, bench.ExtendedLogits(batch, piece: 1));
        var last = bench.ExtendedLogits(batch, piece: 33).AsSpan();
        Widths.AssertSameBits(whole[(32 * config.VocabularySize)..(33 * config.VocabularySize)], last[..config.VocabularySize]);
        Widths.AssertSameBits(whole[(69 * config.VocabularySize)..], last[(2 * config.VocabularySize)..]);
    }

    [Theory, MemberData(nameof(Presets))]
    public void TheConfigurationGoesThroughItsKeysAndBack(string preset)
    {
        var config = DecoderOnlyPresets.Get(preset);
        var text = DecoderOnlyConfigJson.Text(config);
        Assert.True(config.SaysTheSameAs(DecoderOnlyConfigJson.Parse(System.Text.Encoding.UTF8.GetBytes(text), "config.json")), text);
    }

    [Fact]
    public void WhatAnArchitectureCannotSayIsRefused()
    {
        var error = Assert.Throws<MultiheadException>(() =>
            DecoderOnlyConfigJson.Text(DecoderOnlyPresets.Get("llama-tiny") with { NormPlacement = NormPlacement.Post }));
        Assert.Contains("llama models do not have", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void StoredFormsGoOutAndComeBack()
    {
        foreach (var preset in new[] { "gpt2-tiny", "gemma-tiny" })
        {
            using var model = new DecoderOnly(Tiny(preset), learning: false);
            model.Parameters.Initialize(1);
            var expected = new Span<float>(model.Parameters.Values, (int)model.Parameters.FlatCount).ToArray();
            var files = new Dictionary<string, (long[] Shape, float[] Data)>();
            WeightFile.Export(model.Parameters, tensors =>
            {
                foreach (var tensor in tensors)
                    files.Add(tensor.Name, (tensor.Shape, new Span<float>((float*)tensor.Data, (int)(tensor.ByteCount / 4)).ToArray()));
            });
            Assert.Equal(WeightFile.Shapes(model.Parameters).Select(s => (s.Name, string.Join('x', s.Shape))),
                files.Select(f => (f.Key, string.Join('x', f.Value.Shape))));
            new Span<float>(model.Parameters.Values, expected.Length).Clear();
            WeightFile.Read(model.Parameters, (name, shape, destination) =>
            {
                Assert.Equal(files[name].Shape, shape.ToArray());
                files[name].Data.CopyTo(new Span<float>(destination, files[name].Data.Length));
            });
            // One less and one more is the same for gains near one.
            Assert.Equal(expected, new Span<float>(model.Parameters.Values, expected.Length).ToArray());
            if (preset == "gemma-tiny") Assert.All(files["model.norm.weight"].Data, gain => Assert.Equal(0, gain));
        }
    }

    // Small enough for loops over doubles.
    private static DecoderOnlyConfig Tiny(string preset)
    {
        var config = DecoderOnlyPresets.Get(preset, 37);
        return config with
        {
            ModelDim = 16,
            HeadDim = config.HeadDim == 16 ? 4 : 6,
            FeedForwardDim = 20,
            Window = config.Window > 0 ? 5 : 0,
            BeginOfTextId = null,
            EndOfTextIds = [],
        };
    }
}
