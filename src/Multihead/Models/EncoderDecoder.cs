using Multihead.Models.Blocks;
using Multihead.Models.Caches;
using Multihead.Models.Configuration;
using Multihead.Models.Norms;
using Multihead.Models.Positions;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models;

/// <summary>The Transformer of "Attention Is All You Need", https://arxiv.org/abs/1706.03762: an encoder reads the source in
/// parallel, a decoder writes the target token by token. Differs where the configuration says so (norm placement and kind,
/// activation, untied embeddings).</summary>
internal sealed class EncoderDecoder : IDisposable
{
    private readonly Weight _sourceEmbedding;
    private readonly Weight _targetEmbedding;
    private readonly Weight _outputEmbedding;
    private readonly SinusoidalPositions _positions;
    private readonly SelfAttentionLayer[] _encoder;
    private readonly DecoderLayer[] _decoder;
    private readonly Norm? _encoderNorm;
    private readonly Norm? _decoderNorm;
    private readonly float _embeddingScale;

    /// <summary>Declares the weights and takes their memory, all zero: initialise or load them next.</summary>
    public EncoderDecoder(ModelConfig config, bool learning)
    {
        Config = config;
        (_sourceEmbedding, _targetEmbedding, _outputEmbedding) = DeclareEmbeddings(config);
        _embeddingScale = config.ScaleEmbeddings ? MathF.Sqrt(config.ModelDim) : 1;
        _positions = config.Positions switch
        {
            SinusoidalPositionsConfig sinusoidal => new SinusoidalPositions(sinusoidal.MaxLength, config.ModelDim),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };
        _encoder = new SelfAttentionLayer[config.EncoderLayerCount];
        for (var i = 0; i < _encoder.Length; i++)
            _encoder[i] = new SelfAttentionLayer(Parameters, EncoderDecoderNames.EncoderLayer(i), config,
                ((ILayerConfig)config).Attention(causal: false));
        _decoder = new DecoderLayer[config.DecoderLayerCount];
        for (var i = 0; i < _decoder.Length; i++)
            _decoder[i] = new DecoderLayer(Parameters, EncoderDecoderNames.DecoderLayer(i), config);
        if (config.NormPlacement == NormPlacement.Pre)
        {
            _encoderNorm = Norm.Create(Parameters, EncoderDecoderNames.EncoderNorm, config.ModelDim, config.Norm);
            _decoderNorm = Norm.Create(Parameters, EncoderDecoderNames.DecoderNorm, config.ModelDim, config.Norm);
        }
        Parameters.Allocate(learning);
    }

    public ModelConfig Config { get; }

    public ParameterStore Parameters { get; } = new();

    /// <summary>The longest sequence, end marks included, that the positions allow.</summary>
    public int MaxLength => _positions.MaxLength;

    /// <summary>Reads sources: ids to [sourceTokens, dim].</summary>
    public Tensor Encode(Workspace w, in TokenSequences sources)
    {
        var places = new TokenPlaces(TokenSequences.Spans(w, sources, sources), default);
        var stream = new ResidualStream(Embed(w, _sourceEmbedding, sources.Ids, sources.Positions(w)));
        foreach (var layer in _encoder) layer.Apply(w, ref stream, places);
        return stream.Finish(w, _encoderNorm);
    }

    /// <summary>The cost of predicting targets from sources, and with a tape the gradients, up to <see cref="Workspace.Backward"/>.
    /// </summary>
    /// <param name="w">Where to compute.</param>
    /// <param name="sources">Source sequences, each with its end mark.</param>
    /// <param name="inputs">What the decoder reads: start mark, then the target.</param>
    /// <param name="targets">What it should predict: the target, then the end mark; as many tokens as the inputs.</param>
    /// <param name="smoothing">Label smoothing, 0..1.</param>
    /// <param name="gradientScale">What the sum of losses is multiplied with before it is differentiated.</param>
    public LossSum Loss(Workspace w, in TokenSequences sources, in TokenSequences inputs, ReadOnlySpan<int> targets,
        float smoothing, float gradientScale) =>
        CrossEntropy.Apply(w, Decode(w, Encode(w, sources), sources, inputs), _outputEmbedding, null, targets, smoothing,
            gradientScale);

    /// <summary>Whole targets at once, without a cache: [targetTokens, vocabulary]. For scoring and for tests.</summary>
    public Tensor Logits(Workspace w, in TokenSequences sources, in TokenSequences inputs) =>
        Linear.Apply(w, Decode(w, Encode(w, sources), sources, inputs), _outputEmbedding, null);

    /// <summary>Reads sources into a cache, ready to write: one slot each, which may become more.</summary>
    public DecoderCache Prefill(Workspace w, in TokenSequences sources, int slotsPerSource, int capacity)
    {
        var memory = Encode(w, sources);
        var cache = new DecoderCache(_decoder.Length, Config.ModelDim, sources.Lengths, slotsPerSource, capacity);
        for (var i = 0; i < _decoder.Length; i++) cache.Remember(i, _decoder[i].Remember(w, memory));
        return cache;
    }

    /// <summary>Writes one more token into every slot and predicts the next: [slots, vocabulary].</summary>
    /// <param name="w">Where to compute.</param>
    /// <param name="cache">Its slots grow by one token.</param>
    /// <param name="tokens">The newest token of each slot.</param>
    public Tensor DecodeStep(Workspace w, DecoderCache cache, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, cache.SlotCount);
        cache.Advance();
        var stream = new ResidualStream(Embed(w, _targetEmbedding, tokens, cache.Targets.Positions));
        for (var i = 0; i < _decoder.Length; i++) _decoder[i].Step(w, ref stream, cache, i);
        return Linear.Apply(w, stream.Finish(w, _decoderNorm), _outputEmbedding, null);
    }

    /// <summary>Packs all product weights for running; they must not change afterwards.</summary>
    public void Pack(Kernels.Threading.ThreadTeam team)
    {
        foreach (var weight in Parameters.Weights)
            if (!weight.Parts[0].IsVector && (weight != _sourceEmbedding || weight == _outputEmbedding)
                && (weight != _targetEmbedding || weight == _outputEmbedding)) weight.Pack(team);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        _positions.Dispose();
    }

    // [targetTokens, dim]
    private Tensor Decode(Workspace w, Tensor memory, in TokenSequences sources, in TokenSequences inputs)
    {
        var selfSpans = TokenSequences.Spans(w, inputs, inputs);
        var crossSpans = TokenSequences.Spans(w, inputs, sources);
        var stream = new ResidualStream(Embed(w, _targetEmbedding, inputs.Ids, inputs.Positions(w)));
        foreach (var layer in _decoder) layer.Apply(w, ref stream, memory, selfSpans, crossSpans);
        return stream.Finish(w, _decoderNorm);
    }

    private unsafe Tensor Embed(Workspace w, Weight table, ReadOnlySpan<int> ids, ReadOnlySpan<int> positions) =>
        DropOut.Apply(w, Embedding.Apply(w, table, ids, _embeddingScale, _positions.Table, positions), Config.Dropout);

    private (Weight Source, Weight Target, Weight Output) DeclareEmbeddings(ModelConfig config)
    {
        if (config.TieEmbeddings)
        {
            var shared = Declare(EncoderDecoderNames.SharedEmbedding);
            return (shared, shared, shared);
        }
        return (Declare(EncoderDecoderNames.SourceEmbedding), Declare(EncoderDecoderNames.TargetEmbedding),
            Declare(EncoderDecoderNames.OutputEmbedding));

        Weight Declare(string name) =>
            Parameters.Matrix(name, config.VocabularySize, config.ModelDim, Initialization.NormalByWidth);
    }
}
