using System.Diagnostics;
using Multihead.Kernels.Threading;
using Multihead.Models.Architectures;
using Multihead.Models.Blocks;
using Multihead.Models.Caches;
using Multihead.Models.Configuration;
using Multihead.Models.Norms;
using Multihead.Models.Positions;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models;

/// <summary>The Transformer without an encoder: each token predicts the next from those before it. GPT-2, Radford et al., 2019;
/// first in Liu et al., 2018, https://arxiv.org/abs/1801.10198. What later models changed is in the configuration.</summary>
internal sealed class DecoderOnly : IDisposable
{
    private readonly Weight _embedding;
    private readonly Weight _output;
    private readonly LearnedPositions? _learned;
    private readonly RotaryAngles? _rotary;
    private readonly SelfAttentionLayer[] _layers;
    private readonly Norm? _finalNorm;
    private readonly float _embeddingScale;

    /// <summary>Declares the weights and takes their memory, all zero: initialise or load them next.</summary>
    public DecoderOnly(DecoderOnlyConfig config, bool learning)
    {
        Config = config;
        var names = DecoderOnlyNames.Of(config.Architecture);
        _embedding = Table(names.Embedding);
        _embeddingScale = config.ScaleEmbeddings ? MathF.Sqrt(config.ModelDim) : 1;
        switch (config.Positions)
        {
            case LearnedPositionsConfig learned:
                _learned = new LearnedPositions(Parameters, names.Positions, learned.MaxLength, config.ModelDim);
                break;
            case RotaryPositionsConfig rotary:
                _rotary = new RotaryAngles(rotary, config.HeadDim);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(config));
        }
        _layers = new SelfAttentionLayer[config.LayerCount];
        for (var i = 0; i < _layers.Length; i++)
            _layers[i] = new SelfAttentionLayer(Parameters, names.Layer(i), config, config.AttentionOf(i));
        if (config.NormPlacement != NormPlacement.Post)
            _finalNorm = Norm.Create(Parameters, names.FinalNorm, config.ModelDim, config.Norm);
        _output = config.TieEmbeddings ? _embedding : Table(names.Output);
        Parameters.Allocate(learning);
    }

    public DecoderOnlyConfig Config { get; }

    public ParameterStore Parameters { get; } = new();

    /// <summary>The cost of predicting the next tokens, and with a tape the gradients, up to <see cref="Workspace.Backward"/>.
    /// </summary>
    /// <param name="w">Where to compute.</param>
    /// <param name="inputs">What the model reads; no sequence is longer than its positions allow.</param>
    /// <param name="targets">What each token should predict; as many as the inputs.</param>
    /// <param name="smoothing">Label smoothing, 0..1.</param>
    /// <param name="gradientScale">What the sum of losses is multiplied with before it is differentiated.</param>
    public LossSum Loss(Workspace w, in TokenSequences inputs, ReadOnlySpan<int> targets, float smoothing, float gradientScale)
    {
        Debug.Assert(Config.OutputLogitCap == 0, "the loss is that of logits without a cap");
        return CrossEntropy.Apply(w, Hidden(w, inputs), _output, null, targets, smoothing, gradientScale);
    }

    /// <summary>Predictions at every token: [tokens, vocabulary]. For scoring and for tests.</summary>
    public Tensor Logits(Workspace w, in TokenSequences inputs) => Predict(w, Hidden(w, inputs));

    /// <summary>An empty cache of so many slots.</summary>
    public TokenCache NewCache(int slots, int capacity) =>
        new(_layers.Length, Config.KeyValueHeadCount * Config.HeadDim, slots, slots, capacity);

    /// <summary>Reads more tokens into the slots of the cache and predicts what follows the last of each:
    /// [slots, vocabulary].</summary>
    /// <param name="w">Where to compute.</param>
    /// <param name="cache">Its slots grow by their tokens.</param>
    /// <param name="tokens">A sequence for each slot, 1 token or more.</param>
    public Tensor Extend(Workspace w, TokenCache cache, in TokenSequences tokens)
    {
        cache.Advance(tokens.Lengths);
        var places = new TokenPlaces(cache.Spans, Angles(w, cache.Positions));
        var stream = new ResidualStream(Embed(w, tokens.Ids, cache.Positions));
        for (var i = 0; i < _layers.Length; i++) _layers[i].Extend(w, ref stream, cache.Layers[i], places);
        var hidden = stream.Value(w);
        if (tokens.Lengths.Length < hidden.Rows) hidden = TakeRows.Apply(w, hidden, tokens.Ends(w));
        return Predict(w, _finalNorm is null ? hidden : _finalNorm.Apply(w, hidden));
    }

    /// <summary>Packs all product weights for running; they must not change afterwards.</summary>
    public void Pack(ThreadTeam team)
    {
        foreach (var weight in Parameters.Weights)
            if (!weight.Parts[0].IsVector && weight != _learned?.Table && (weight != _embedding || weight == _output))
                weight.Pack(team);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Parameters.Dispose();

    // [tokens, dim]
    private Tensor Hidden(Workspace w, in TokenSequences inputs)
    {
        foreach (var length in inputs.Lengths) Debug.Assert(_learned is null || length <= _learned.MaxLength);
        var positions = inputs.Positions(w);
        var places = new TokenPlaces(TokenSequences.Spans(w, inputs, inputs), Angles(w, positions));
        var stream = new ResidualStream(Embed(w, inputs.Ids, positions));
        foreach (var layer in _layers) layer.Apply(w, ref stream, places);
        return stream.Finish(w, _finalNorm);
    }

    private Tensor Embed(Workspace w, ReadOnlySpan<int> ids, ReadOnlySpan<int> positions) =>
        DropOut.Apply(w, Embedding.Apply(w, _embedding, ids, _embeddingScale, _learned?.Table, positions), Config.Dropout);

    private Tensor Angles(Workspace w, ReadOnlySpan<int> positions) => _rotary is null ? default : _rotary.Of(w, positions);

    private Tensor Predict(Workspace w, Tensor hidden)
    {
        var logits = Linear.Apply(w, hidden, _output, null);
        if (Config.OutputLogitCap > 0) SoftCap.Apply(w, logits, Config.OutputLogitCap);
        return logits;
    }

    private Weight Table(string name) =>
        Parameters.Matrix(name, Config.VocabularySize, Config.ModelDim, Initialization.NormalByWidth);
}
