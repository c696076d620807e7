using Multihead.Models;
using Multihead.Models.Configuration;

namespace Multihead.Tests.Models;

/// <summary>First values are those of the paper's code: products uniform by Glorot and Bengio's rule
/// (https://proceedings.mlr.press/v9/glorot10a.html), embeddings normal with deviation dim^-0.5, biases 0 and gains 1.</summary>
public class InitializationTests
{
    private const double Deviations = 5; // of an estimate from its value: by chance once in two million

    [Fact]
    public void ProductsAreUniformWithinTheirBound()
    {
        using var model = Initialized();
        foreach (var (name, shape, values) in Tensors(model).Where(t => t.Shape.Length == 2 && t.Name.Contains(".layers.")))
        {
            var bound = Math.Sqrt(6.0 / (shape[0] + shape[1]));
            var variance = bound * bound / 3;
            Assert.InRange(values.Max(Math.Abs), bound * (1 - 20.0 / values.Length), bound * (1 + 1e-6));
            AssertMoments(name, values, variance, excess: -1.2);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EmbeddingsAreNormal(bool tied)
    {
        using var model = Initialized(tied);
        var tables = Tensors(model).Where(t => t.Shape.Length == 2 && !t.Name.Contains(".layers.")).ToArray();
        Assert.Equal(tied ? 1 : 3, tables.Length);
        foreach (var (name, shape, values) in tables)
        {
            AssertMoments(name, values, 1.0 / shape[1], excess: 0);
            // Of a normal draw 31.7% are farther than one deviation from 0, and 4.55% than two.
            var deviation = Math.Sqrt(1.0 / shape[1]);
            Assert.Equal(0.3173, values.Count(x => Math.Abs(x) > deviation) / (double)values.Length, 0.005);
            Assert.Equal(0.0455, values.Count(x => Math.Abs(x) > 2 * deviation) / (double)values.Length, 0.002);
        }
    }

    [Fact]
    public void BiasesAreZeroAndGainsOne()
    {
        using var model = Initialized();
        foreach (var (name, _, values) in Tensors(model).Where(t => t.Shape.Length == 1))
        {
            var expected = name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0;
            Assert.False(values.AsSpan().ContainsAnyExcept(expected), name);
        }
    }

    [Fact]
    public void NoTwoWeightsAreDrawnAlike()
    {
        using var model = Initialized(tied: false);
        var matrices = Tensors(model).Where(t => t.Shape.Length == 2).ToArray();
        const int count = 128 * 128;
        for (var i = 0; i < matrices.Length; i++)
            for (var j = 0; j < i; j++)
            {
                double product = 0, first = 0, second = 0;
                for (var k = 0; k < count; k++)
                {
                    double x = matrices[i].Values[k], y = matrices[j].Values[k];
                    (product, first, second) = (product + x * y, first + x * x, second + y * y);
                }
                // The correlation of independent draws has deviation count^-0.5.
                Assert.InRange(Math.Abs(product / Math.Sqrt(first * second)), 0, Deviations / Math.Sqrt(count));
            }
    }

    private static EncoderDecoder Initialized(bool tied = true)
    {
        var config = ModelPresets.Get("transformer-tiny", 2000) with { TieEmbeddings = tied };
        var model = new EncoderDecoder(config, learning: false);
        model.Parameters.Initialize(1);
        return model;
    }

    private static unsafe IEnumerable<(string Name, long[] Shape, float[] Values)> Tensors(EncoderDecoder model) =>
        WeightFile.Sources(model.Parameters, (nint)model.Parameters.Values).Select(s => (s.Name, s.Shape,
            new ReadOnlySpan<float>((float*)s.Data, (int)(s.ByteCount / sizeof(float))).ToArray()));

    private static void AssertMoments(string name, float[] values, double variance, double excess)
    {
        double mean = 0, square = 0;
        foreach (double x in values) (mean, square) = (mean + x / values.Length, square + x * x / values.Length);
        Assert.True(Math.Abs(mean) < Deviations * Math.Sqrt(variance / values.Length), $"{name}: mean {mean:R}");
        Assert.True(Math.Abs(square / variance - 1) < Deviations * Math.Sqrt((2 + excess) / values.Length),
            $"{name}: variance {square:R}, not {variance:R}");
    }
}
