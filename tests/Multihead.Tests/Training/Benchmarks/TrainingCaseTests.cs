using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tests.Models;
using Multihead.Training;
using Multihead.Training.Benchmarks;

namespace Multihead.Tests.Training.Benchmarks;

/// <summary>The steps that are timed are those of learning, and what is written of them is what they begin with.</summary>
public sealed unsafe class TrainingCaseTests : IDisposable
{
    private const int Vocabulary = 23;
    private readonly ThreadTeam _team = new(2);

    public static TheoryData<bool> Kinds => [true, false];

    public void Dispose() => _team.Dispose();

    [Theory, MemberData(nameof(Kinds))]
    public void LookingAtTheGradientChangesNothingAndStepsLowerTheLoss(bool translates)
    {
        using var work = Create(translates);
        var before = Weights(work);
        var first = work.Gradient();
        Assert.Equal(first, work.Gradient());
        Assert.Equal(before, Weights(work));
        Assert.Equal(first, work.Step());
        Assert.InRange(first.GradientNorm, 1e-3, 1e3);
        for (var i = 0; i < 30; i++) work.Step();
        Assert.InRange(work.Gradient().Loss, 0, first.Loss - 0.01);
    }

    // A copy of the weights in bf16 is out of date as soon as somebody looks at them, and products round the weights themselves.
    [Theory, MemberData(nameof(Kinds))]
    public void LookingAtTheWeightsBetweenStepsChangesNoBits(bool translates)
    {
        var precision = Precision.Fastest.Settled();
        using TrainingCase seen = Create(translates, precision), unseen = Create(translates, precision);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(unseen.Step(), seen.Step());
            Weights(seen);
        }
        Assert.Equal(Weights(unseen), Weights(seen));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void TheFileHoldsWeightsAndBatch(bool translates)
    {
        using var scratch = new ScratchFolder();
        var path = scratch["case.safetensors"];
        using var work = Create(translates);
        work.WriteFile(path);
        using var file = SafetensorsFile.Open(path);
        string[] batch = translates ? ["batch.sources", "batch.inputs", "batch.targets"] : ["batch.inputs", "batch.targets"];
        var weights = WeightFile.Sources(work.Parameters, (nint)work.Parameters.Values).ToArray();
        Assert.Equal(weights.Select(s => s.Name).Concat(batch), file.Entries.Select(e => e.Name));
        foreach (var source in weights)
        {
            var expected = new ReadOnlySpan<float>((float*)source.Data, (int)(source.ByteCount / sizeof(float)));
            Assert.Equal(expected, Read(file, source.Name, source.Shape));
        }
        foreach (var name in batch)
            Assert.All(Read(file, name, [3, 5]), id => Assert.True(id == MathF.Floor(id) && id is >= 0 and < Vocabulary));
    }

    [Fact]
    public void StepsAreTimed()
    {
        using var work = Create(translates: false);
        var speed = StepSpeed.Measure(work, TimeSpan.Zero, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(3, speed.Steps);
        Assert.True(speed.MedianSeconds > 0);
        Assert.InRange(speed.PeakMemoryBytes, work.Parameters.FlatCount * 16, long.MaxValue);
        Assert.Throws<OperationCanceledException>(() =>
            StepSpeed.Measure(work, TimeSpan.Zero, TimeSpan.Zero, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void TheTimedModelsAreThoseOfTheirNames()
    {
        using var small = TrainingCases.Create("small", Precision.Fp32, _team);
        // The table; three layers of 4 d^2 and of 8 d^2 with 2 d d_ff each; biases and norms.
        Assert.Equal(8000 * 256 + 3 * (12 * 65_536 + 4 * 262_144) + 3 * (12 * 256 + 2 * (1024 + 256) + 5 * 512),
            small.Parameters.ParameterCount);
        Assert.Equal((1280, 1280), (small.SourceTokens, small.TargetTokens));
        using var tiny = TrainingCases.Create("tiny", Precision.Fp32, _team);
        Assert.Equal(8192, tiny.Tokens);
    }

    [Fact]
    public void TrafficIsCountedFromShapes()
    {
        var config = ModelBench.Small(dim: 8, heads: 2, vocabulary: 10); // two layers, d_ff 16
        // Encoder layer 10 * 8 + 2 * 24, decoder layer 16 * 8 + 2 * 24 and 5 * 8 for each source token; three times, in floats.
        var floats = 3 * ((2 * 128 + 2 * 40) * 7 + (2 * 176 + 8) * 9) + 11 * 1000;
        Assert.Equal(4 * floats, StepTraffic.Bytes(config, 7, 9, parameterCount: 1000));
        var decoderOnly = DecoderOnlyBench.Small(dim: 8, heads: 2, vocabulary: 10);
        Assert.Equal(4 * (3 * (2 * 128 + 8) * 9 + 11 * 1000), StepTraffic.Bytes(decoderOnly, 9, parameterCount: 1000));
    }

    private TrainingCase Create(bool translates, Precision precision = Precision.Fp32) => translates
        ? new TranslationCase(ModelBench.Small(dim: 16, heads: 2, Vocabulary), pairs: 3, length: 5, precision, _team)
        : new LanguageModelCase(DecoderOnlyBench.Small(dim: 16, heads: 2, Vocabulary), sequences: 3, length: 5, precision, _team);

    private static float[] Weights(TrainingCase work) =>
        new ReadOnlySpan<float>(work.Parameters.Values, (int)work.Parameters.FlatCount).ToArray();

    private static float[] Read(SafetensorsFile file, string name, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        file.Read(name, shape, values);
        return values;
    }
}
