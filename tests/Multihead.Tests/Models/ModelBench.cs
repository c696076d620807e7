using Multihead.Kernels.Optimizers;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Tests.Tensors.Plain;
using Multihead.Training;

namespace Multihead.Tests.Models;

/// <summary>A model with all weights random, biases and gains too, and a place to run it.</summary>
internal sealed unsafe class ModelBench : IDisposable
{
    private readonly ThreadTeam _team;

    public ModelBench(ModelConfig config, int threads = 1, bool learning = false)
    {
        _team = new ThreadTeam(threads);
        Model = new EncoderDecoder(config, learning);
        Workspace = new Workspace(_team, learning ? new Tape() : null);
        Store.Initialize(1);
        var random = new PhiloxGenerator(2, 0);
        foreach (var weight in Store.Weights.Where(w => w.Parts[0].IsVector))
            foreach (ref var value in weight.Tensor.Span) value += random.NextFloat() * 0.6f - 0.3f;
    }

    public EncoderDecoder Model { get; }

    public ParameterStore Store => Model.Parameters;

    public Workspace Workspace { get; }

    /// <summary>A small configuration; change it by <c>with</c>.</summary>
    public static ModelConfig Small(int dim, int heads, int vocabulary) => ModelPresets.Get("transformer-tiny", vocabulary) with
    {
        ModelDim = dim,
        HeadCount = heads,
        FeedForwardDim = 2 * dim,
        EncoderLayerCount = 2,
        DecoderLayerCount = 2,
        Dropout = 0,
        Positions = new SinusoidalPositionsConfig(200),
    };

    /// <summary>Forward and backward of the mean loss of a token.</summary>
    public LossSum Learn(SentenceBatch batch, float smoothing = 0.1f, ulong? dropoutSeed = null)
    {
        Workspace.BeginStep(dropoutSeed);
        Store.ForgetGradients();
        var loss = Model.Loss(Workspace, batch.Sources, batch.Inputs, batch.Targets, smoothing, 1f / batch.Targets.Length);
        Workspace.Backward();
        Store.CompleteGradients();
        return loss;
    }

    /// <summary>A step of Adam along the gradient, with its length clipped to 1.</summary>
    public void Update(AdamMoments moments, int step)
    {
        var (team, count) = (Workspace.Team, Store.FlatCount);
        var norm = Math.Sqrt(GradientNorm.SumOfSquares(team, Store.Gradients, count));
        Adam.Step(team, Store.Values, Store.Gradients, moments.First, moments.Second, null, count, new AdamStep
        {
            LearningRate = 1e-3f,
            Beta1 = 0.9f,
            Beta2 = 0.98f,
            Epsilon = 1e-9f,
            WeightDecay = 0,
            GradientScale = (float)Math.Min(1, 1 / norm),
            Step = step,
        });
    }

    /// <summary>The logits of all positions, a sentence each: [target tokens, vocabulary].</summary>
    public float[][] Logits(SentenceBatch batch)
    {
        Workspace.BeginStep();
        return Split(Model.Logits(Workspace, batch.Sources, batch.Inputs), batch.Inputs.Lengths);
    }

    /// <summary>What the encoder makes of each source: [source tokens, dim].</summary>
    public float[][] Encode(SentenceBatch batch)
    {
        Workspace.BeginStep();
        return Split(Model.Encode(Workspace, batch.Sources), batch.Sources.Lengths);
    }

    /// <summary>The weights under the names that they have in files.</summary>
    public Dictionary<string, PlainMatrix> Weights() => ByName((nint)Store.Values);

    /// <summary>The gradients under those names.</summary>
    public Dictionary<string, PlainMatrix> Gradients() => ByName((nint)Store.Gradients);

    public void Dispose()
    {
        Workspace.Dispose();
        Model.Dispose();
        _team.Dispose();
    }

    private Dictionary<string, PlainMatrix> ByName(nint flat) => WeightFile.Sources(Store, flat).ToDictionary(s => s.Name, s =>
    {
        var (rows, columns) = s.Shape.Length == 1 ? (1, (int)s.Shape[0]) : ((int)s.Shape[0], (int)s.Shape[1]);
        return PlainMatrix.Of(new ReadOnlySpan<float>((float*)s.Data, rows * columns), rows, columns);
    });

    private static float[][] Split(Tensor rows, ReadOnlySpan<int> lengths)
    {
        var parts = new float[lengths.Length][];
        var row = 0;
        for (var i = 0; i < parts.Length; row += lengths[i++])
            parts[i] = rows.Span.Slice(row * rows.Columns, lengths[i] * rows.Columns).ToArray();
        return parts;
    }
}
