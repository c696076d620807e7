using Multihead.Models.Configuration;
using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Models;

/// <summary>The gradient of a whole model, at some elements of every weight, against central differences of its plain form.
/// </summary>
public class EncoderDecoderGradientTests
{
    private const double Distance = 1e-5;
    private const ulong DropoutSeed = 5;
    private const int Vocabulary = 11;

    public static TheoryData<NormPlacement, bool, string, Activation, float> Variants => new()
    {
        { NormPlacement.Post, true, "layer", Activation.Relu, 0 },
        { NormPlacement.Post, false, "layer", Activation.Silu, 0.2f },
        { NormPlacement.Post, true, "rms", Activation.Gelu, 0 },
        { NormPlacement.Pre, true, "layer", Activation.Relu, 0.2f },
        { NormPlacement.Pre, false, "rms", Activation.Relu, 0 },
        { NormPlacement.Pre, true, "layer", Activation.Gelu, 0 },
    };

    [Theory, MemberData(nameof(Variants))]
    public void AgreesWithFiniteDifferences(NormPlacement placement, bool tied, string norm, Activation activation, float dropout)
    {
        var config = Config(placement, tied, norm, activation, dropout);
        using var bench = new ModelBench(config, threads: 2, learning: true);
        var faults = Faults(config, bench, Batch(), wrong: null);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void APlantedErrorIsCaughtInEveryWeight()
    {
        var config = Config(NormPlacement.Pre, true, "layer", Activation.Relu, 0);
        using var bench = new ModelBench(config, threads: 2, learning: true);
        foreach (var name in bench.Weights().Keys)
        {
            // Softmax does not see what is added to all logits alike: a key's bias has no gradient that could be wrong.
            if (name.EndsWith("k_proj.bias", StringComparison.Ordinal)) continue;
            Assert.StartsWith(name, Assert.Single(Faults(config, bench, Batch(), wrong: name)), StringComparison.Ordinal);
        }
    }

    private static ModelConfig Config(NormPlacement placement, bool tied, string norm, Activation activation, float dropout) =>
        ModelBench.Small(dim: 6, heads: 2, Vocabulary) with
        {
            NormPlacement = placement,
            TieEmbeddings = tied,
            Norm = norm == "rms" ? new RmsNormConfig() : new LayerNormConfig(),
            Activation = activation,
            Dropout = dropout,
            AttentionDropout = dropout,
            ActivationDropout = dropout,
        };

    private static SentenceBatch Batch() => SentenceBatch.Random(3, Vocabulary, (3, 2), (1, 1), (4, 5));

    // A message for each weight whose gradient is wrong at one of the elements looked at; the gradient of one may be turned
    // round on purpose, and then only that one is looked at.
    private static List<string> Faults(ModelConfig config, ModelBench bench, SentenceBatch batch, string? wrong)
    {
        var loss = bench.Learn(batch, smoothing: 0.1f, DropoutSeed);
        var (weights, gradients) = (bench.Weights(), bench.Gradients());
        var plain = new PlainEncoderDecoder(config, weights);
        Assert.Equal(plain.Loss(batch, 0.1f, DropoutSeed).Loss, loss.Loss, 1e-4);
        var largest = gradients.Values.Max(g => g.Data.Max(Math.Abs));
        List<string> faults = [];
        foreach (var (name, gradient) in gradients)
        {
            if (wrong is not null && name != wrong) continue;
            foreach (var i in Sample(gradient))
            {
                var expected = Difference(plain, batch, weights[name].Data, i);
                var actual = wrong is null ? gradient.Data[i] : -gradient.Data[i];
                // Single precision through a model of two layers: a few roundings of the largest terms that are summed.
                if (Math.Abs(actual - expected) <= 1e-4 * Math.Abs(expected) + 5e-6 * largest) continue;
                faults.Add($"{name} at {i}: {actual:R}, not {expected:R}");
                break;
            }
        }
        return faults;
    }

    private static double Difference(PlainEncoderDecoder plain, SentenceBatch batch, double[] weight, int i)
    {
        var kept = weight[i];
        weight[i] = kept + Distance;
        var above = plain.Loss(batch, 0.1f, DropoutSeed).Loss;
        weight[i] = kept - Distance;
        var slope = (above - plain.Loss(batch, 0.1f, DropoutSeed).Loss) / (2 * Distance);
        weight[i] = kept;
        return slope / batch.Targets.Length;
    }

    // Some at random, and the largest, so that a wrong sign is seen.
    private static IEnumerable<int> Sample(PlainMatrix gradient)
    {
        var random = new Random(gradient.Rows);
        var largest = Array.IndexOf(gradient.Data, gradient.Data.MaxBy(Math.Abs));
        return Enumerable.Range(0, 4).Select(_ => random.Next(gradient.Data.Length)).Append(largest).Distinct();
    }
}
