using System.Diagnostics;
using Multihead.Models.Blocks;
using Multihead.Models.Configuration;
using Multihead.Models.Norms;
using Multihead.Models.Positions;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models;

/// <summary>The Transformer without an encoder: each token predicts the next from those before it. GPT-2, Radford et al., 2019;
/// first in Liu et al., 2018, https://arxiv.org/abs/1801.10198. Embedding and output share one table.</summary>
internal sealed class DecoderOnly : IDisposable
{
    private readonly Weight _embedding;
    private readonly LearnedPositions _positions;
    private readonly SelfAttentionLayer[] _layers;
    private readonly Norm? _finalNorm;

    /// <summary>Declares the weights and takes their memory, all zero: initialise or load them next.</summary>
    public DecoderOnly(DecoderOnlyConfig config, bool learning)
    {
        Config = config;
        _embedding = Parameters.Matrix(DecoderOnlyNames.Embedding, config.VocabularySize, config.ModelDim,
            Initialization.NormalByWidth);
        _positions = new LearnedPositions(Parameters, DecoderOnlyNames.Positions, config.MaxLength, config.ModelDim);
        _layers = new SelfAttentionLayer[config.LayerCount];
        for (var i = 0; i < _layers.Length; i++)
            _layers[i] = new SelfAttentionLayer(Parameters, DecoderOnlyNames.Layer(i), config, causal: true);
        if (config.NormPlacement == NormPlacement.Pre)
            _finalNorm = Norm.Create(Parameters, DecoderOnlyNames.FinalNorm, config.ModelDim, config.Norm);
        Parameters.Allocate(learning);
    }

    public DecoderOnlyConfig Config { get; }

    public ParameterStore Parameters { get; } = new();

    /// <summary>The cost of predicting the next tokens, and with a tape the gradients, up to <see cref="Workspace.Backward"/>.
    /// </summary>
    /// <param name="w">Where to compute.</param>
    /// <param name="inputs">What the model reads; no sequence is longer than the table of positions.</param>
    /// <param name="targets">What each token should predict; as many as the inputs.</param>
    /// <param name="smoothing">Label smoothing, 0..1.</param>
    /// <param name="gradientScale">What the sum of losses is multiplied with before it is differentiated.</param>
    public LossSum Loss(Workspace w, in TokenSequences inputs, ReadOnlySpan<int> targets, float smoothing, float gradientScale) =>
        CrossEntropy.Apply(w, Hidden(w, inputs), _embedding, null, targets, smoothing, gradientScale);

    /// <summary>Predictions at every token: [tokens, vocabulary]. For scoring and for tests.</summary>
    public Tensor Logits(Workspace w, in TokenSequences inputs) => Linear.Apply(w, Hidden(w, inputs), _embedding, null);

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Parameters.Dispose();

    // [tokens, dim]
    private Tensor Hidden(Workspace w, in TokenSequences inputs)
    {
        foreach (var length in inputs.Lengths) Debug.Assert(length <= _positions.MaxLength);
        var spans = TokenSequences.Spans(w, inputs, inputs);
        var x = Embedding.Apply(w, _embedding, inputs.Ids, _positions.Table, inputs.Positions(w));
        x = DropOut.Apply(w, x, Config.Dropout);
        var stream = new ResidualStream(x);
        foreach (var layer in _layers) layer.Apply(w, ref stream, spans);
        return stream.Finish(w, _finalNorm);
    }
}
