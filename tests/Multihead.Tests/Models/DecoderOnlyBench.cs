using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Models;

/// <summary>A decoder-only model with all weights random, biases and gains too, and a place to learn with it.</summary>
internal sealed unsafe class DecoderOnlyBench : IDisposable
{
    private readonly ThreadTeam _team;
    private readonly Workspace _workspace;
    private readonly DecoderOnly _model;

    public DecoderOnlyBench(DecoderOnlyConfig config, int threads = 2)
    {
        _team = new ThreadTeam(threads);
        _workspace = new Workspace(_team, new Tape());
        _model = new DecoderOnly(config, learning: true);
        _model.Parameters.Initialize(1);
        var random = new PhiloxGenerator(2, 0);
        foreach (var weight in _model.Parameters.Weights.Where(w => w.Parts[0].IsVector))
            foreach (ref var value in weight.Tensor.Span) value += random.NextFloat() * 0.6f - 0.3f;
    }

    /// <summary>A small configuration; change it by <c>with</c>.</summary>
    public static DecoderOnlyConfig Small(int dim, int heads, int vocabulary, float dropout = 0) =>
        DecoderOnlyPresets.GptSmall(vocabulary) with
        {
            ModelDim = dim,
            LayerCount = 2,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadDim = dim / heads,
            FeedForwardDim = 2 * dim,
            Positions = new LearnedPositionsConfig(150),
            Dropout = dropout,
            AttentionDropout = dropout,
            ActivationDropout = dropout,
        };

    /// <summary>Forward and backward of the mean loss of a token; returns the sum over tokens.</summary>
    public double Learn(TokenBatch batch, float smoothing = 0, ulong? dropoutSeed = null)
    {
        _workspace.BeginStep(dropoutSeed);
        _model.Parameters.ForgetGradients();
        var loss = _model.Loss(_workspace, batch.Inputs, batch.Targets, smoothing, 1f / batch.Targets.Length);
        _workspace.Backward();
        _model.Parameters.CompleteGradients();
        return loss.Loss;
    }

    /// <summary>[tokens, vocabulary].</summary>
    public float[] Logits(TokenBatch batch)
    {
        _workspace.BeginStep();
        return _model.Logits(_workspace, batch.Inputs).Span.ToArray();
    }

    /// <summary>What follows the last token of each sequence, read in pieces of up to <paramref name="piece"/> tokens:
    /// [tokens, vocabulary] where a piece is one token.</summary>
    public float[] ExtendedLogits(TokenBatch batch, int piece)
    {
        using var workspace = new Workspace(_team);
        using var cache = _model.NewCache(1, batch.Ids.Length);
        List<float> logits = [];
        foreach (var part in batch.Ids.Chunk(piece))
        {
            workspace.BeginStep();
            logits.AddRange(_model.Extend(workspace, cache, new TokenSequences(part, [part.Length])).Span);
        }
        return [.. logits];
    }

    /// <summary>The weights under the names that they have in files.</summary>
    public Dictionary<string, PlainMatrix> Weights() => ByName((nint)_model.Parameters.Values);

    /// <summary>The gradients under those names.</summary>
    public Dictionary<string, PlainMatrix> Gradients() => ByName((nint)_model.Parameters.Gradients);

    public void Dispose()
    {
        _workspace.Dispose();
        _model.Dispose();
        _team.Dispose();
    }

    private Dictionary<string, PlainMatrix> ByName(nint flat) =>
        WeightFile.Sources(_model.Parameters, flat).ToDictionary(s => s.Name, s =>
        {
            var (rows, columns) = s.Shape.Length == 1 ? (1, (int)s.Shape[0]) : ((int)s.Shape[0], (int)s.Shape[1]);
            return PlainMatrix.Of(new ReadOnlySpan<float>((float*)s.Data, rows * columns), rows, columns);
        });
}
